"""What a wrong setting raises."""


class SettingsError(Exception):
    """One sentence that names the setting and says what it may be."""
