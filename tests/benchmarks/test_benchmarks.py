"""The benchmark program runs, on a practice too small to measure anything. No figure is judged here."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]


def test_it_measures_a_tiny_practice_and_finds_it_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--folder", str(tmp_path), "--clients", "30"]
    ran = subprocess.run(
        [*command, "--requests", "2", "--seconds", "1"], cwd=CHECKOUT, capture_output=True, text=True
    )

    assert ran.returncode in (0, 1), ran.stderr
    assert "floor" in ran.stdout
    assert "Clinical tab" in ran.stdout
    assert "no error, nothing lost, nothing doubled" in ran.stdout, ran.stdout
