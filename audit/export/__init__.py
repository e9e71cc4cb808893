"""An answer as a file to take away: sheets, text, a report to print, a bundle that proves itself."""
