package io.kubra.cli;

/** A failure that the user can act on: one line for standard error and the exit code. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** A failure with exit code 1. The message says what failed and what to do. */
  public CliException(String message) {
    this(message, 1);
  }

  /** A failure with the given exit code. */
  public CliException(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  /** What the process exits with. */
  public int exitCode() {
    return exitCode;
  }
}
