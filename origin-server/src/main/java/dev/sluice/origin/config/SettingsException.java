package dev.sluice.origin.config;

/** A setting that cannot be used. The message names it, its value and its place. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SettingsException(String message) {
    super(message);
  }
}
