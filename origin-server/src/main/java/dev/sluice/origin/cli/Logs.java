package dev.sluice.origin.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.sluice.origin.app.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the logs of commands go. */
final class Logs {
  private static volatile boolean toStandardError;

  private Logs() {}

  /**
   * Sends warnings and errors to standard error, and what a server says of itself at its start;
   * nothing else anywhere.
   */
  static void toStandardError() {
    toStandardError = true;
    LoggerFactory.getILoggerFactory();
  }

  /**
   * What Logback asks first, by {@code META-INF/services}. It then neither looks for files of its
   * own, nor sets up what would be taken down again. Where no command runs, as in tests, it goes on
   * as ever.
   */
  public static final class Setup extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
      if (!toStandardError) {
        return ExecutionStatus.INVOKE_NEXT_IF_ANY;
      }
      var encoder = new PatternLayoutEncoder();
      encoder.setContext(context);
      encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSX, UTC} %-5level %logger{0}: %msg%n");
      encoder.start();
      var appender = new ConsoleAppender<ILoggingEvent>();
      appender.setContext(context);
      appender.setTarget("System.err");
      appender.setEncoder(encoder);
      appender.start();
      var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
      root.setLevel(Level.WARN);
      root.addAppender(appender);
      context.getLogger(Server.class).setLevel(Level.INFO);
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
  }
}
