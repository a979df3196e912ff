package dev.sluice.origin.cli;

/** The command line. */
public final class Main {
  private Main() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.err.println("sluice: no command");
    System.exit(2);
  }
}
