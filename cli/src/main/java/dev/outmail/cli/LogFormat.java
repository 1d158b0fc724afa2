package dev.outmail.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How log lines are written: as text for people, or each as a JSON object for programs.
final class LogFormat {
    static final String KEY = "log.format";

    private LogFormat() {}

    /// Writes as the keys of a deployment say, from now on.
    static void use(Map<String, String> keys) {
        if (keys.getOrDefault(KEY, "text").strip().equals("json")) {
            useJson();
        }
    }

    private static void useJson() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr")
                        instanceof OutputStreamAppender<ILoggingEvent> appender) {
            var encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.setWithSequenceNumber(false);
            encoder.setWithNanoseconds(false);
            encoder.setWithContext(false);
            encoder.setWithMessage(false);
            encoder.setWithFormattedMessage(true);
            encoder.start();
            appender.setEncoder(encoder);
        }
    }
}
