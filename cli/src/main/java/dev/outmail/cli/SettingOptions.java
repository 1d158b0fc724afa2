package dev.outmail.cli;

import dev.outmail.mail.EmailAddress;
import dev.outmail.mail.InvalidAddress;
import dev.outmail.mail.Mailbox;
import dev.outmail.settings.AllowList;
import dev.outmail.settings.SecretReference;
import dev.outmail.settings.Timing;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How the options of `outmail settings set` are read, so that a wrong one is told before Kafka is
/// asked anything.
final class SettingOptions {
    private SettingOptions() {}

    /// A profile's name, by the rule for events.
    static final class ProfileName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!text.matches("[A-Za-z0-9._-]{1,100}")) {
                throw new TypeConversionException(
                        "use 1 to 100 letters, digits, '.', '_' and '-', not '" + text + "'");
            }
            return text;
        }
    }

    /// The sender.
    static final class Sender implements ITypeConverter<Mailbox> {
        @Override
        public Mailbox convert(String text) {
            try {
                return Mailbox.parse(text);
            } catch (InvalidAddress e) {
                throw new TypeConversionException(Objects.toString(e.getMessage()));
            }
        }
    }

    /// Where a password is kept. What was written is never repeated: it may be the password.
    static final class Secret implements ITypeConverter<SecretReference> {
        @Override
        public SecretReference convert(String text) {
            try {
                return SecretReference.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        e.getMessage() + "; --smtp-password-prompt asks for the password itself");
            }
        }
    }

    /// What an option says that can be taken back.
    ///
    /// @param value null where it says `none`
    record Choice<T>(@Nullable T value) {
        static <T> Choice<T> read(String text, Function<String, T> parse) {
            if (text.strip().equalsIgnoreCase("none")) {
                return new Choice<T>(null);
            }
            try {
                return new Choice<T>(parse.apply(text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(Objects.toString(e.getMessage()));
            }
        }
    }

    /// Addresses and domains with commas between them, or `none`.
    static final class OnlyTo implements ITypeConverter<Choice<AllowList>> {
        @Override
        public Choice<AllowList> convert(String text) {
            return Choice.read(text, list -> AllowList.of(List.of(list.split(",", -1))));
        }
    }

    /// An address, or `none`.
    static final class Address implements ITypeConverter<Choice<EmailAddress>> {
        @Override
        public Choice<EmailAddress> convert(String text) {
            return Choice.read(text, EmailAddress::parse);
        }
    }

    /// A duration in ISO 8601's form.
    static final class Period implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "write a duration such as P5D or PT12H, not '" + text + "'");
            }
        }
    }

    /// The wire names, which have a hyphen where the constants have none.
    static final class TimingName implements ITypeConverter<Timing> {
        @Override
        public Timing convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "instantly" -> Timing.INSTANTLY;
                case "in-background" -> Timing.IN_BACKGROUND;
                default ->
                        throw new TypeConversionException(
                                "'" + text + "' is neither instantly nor in-background");
            };
        }
    }
}
