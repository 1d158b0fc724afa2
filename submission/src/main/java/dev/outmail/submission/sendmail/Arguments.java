package dev.outmail.submission.sendmail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what stands behind `sendmail` as Postfix does: letters may be put together (`-ti`), a
/// value stands right behind its letter or in the next word, what follows `--` is a recipient.
/// Options stand before recipients: what looks like one behind a recipient is more likely to be an
/// attack.
///
/// What other mailers can do and Outmail need not is passed over (delivery status notifications,
/// log files, configuration files, modes of queueing); none of it is ever opened or run.
final class Arguments {
    /// Without a value, and of no effect here.
    private static final String IDLE = "cGmnUvx";

    /// With a value, and of no effect here.
    private static final String IDLE_WITH_VALUE = "ABCehLNOpRVX";

    private final Deque<String> words;
    private final List<String> recipients = new ArrayList<>();
    private boolean recipientsInHeader;
    private boolean dotEnds = true;
    private @Nullable String sender;
    private @Nullable String fullName;
    private Request.@Nullable Other other;

    private Arguments(List<String> words) {
        this.words = new ArrayDeque<>(words);
    }

    static Request read(List<String> words) {
        return new Arguments(words).read();
    }

    private Request read() {
        while (other == null && !words.isEmpty()) {
            var word = words.remove();
            if (word.equals("--")) {
                recipients.addAll(words);
                words.clear();
            } else if (word.startsWith("-") && !recipients.isEmpty()) {
                other =
                        unknown(
                                word
                                        + ": options stand before recipients; or write -- before these");
            } else if (word.startsWith("-") && word.length() > 1) {
                options(word);
            } else {
                recipients.add(word);
            }
        }
        return other != null
                ? other
                : new Request.Submit(recipientsInHeader, dotEnds, sender, fullName, recipients);
    }

    /// One word of options.
    private void options(String word) {
        for (int i = 1; i < word.length() && other == null; i++) {
            char letter = word.charAt(i);
            var behind = word.substring(i + 1);
            if (letter == 't') {
                recipientsInHeader = true;
            } else if (letter == 'i') {
                dotEnds = false;
            } else if (letter == 'q') {
                other = new Request.Drain();
            } else if (letter == 'I') {
                other = unknown("-I: there is no table of aliases to be made");
            } else if (IDLE.indexOf(letter) < 0) {
                withValue(letter, behind);
                return;
            }
        }
    }

    private void withValue(char letter, String behind) {
        if ("bFfor".indexOf(letter) < 0 && IDLE_WITH_VALUE.indexOf(letter) < 0) {
            other = unknown("-" + letter + ": there is no such option");
        } else if (behind.isEmpty() && words.isEmpty()) {
            other = unknown("-" + letter + ": its value is missing");
        } else {
            use(letter, behind.isEmpty() ? words.remove() : behind);
        }
    }

    private void use(char letter, String value) {
        switch (letter) {
            case 'b' -> mode(value);
            case 'F' -> fullName = value;
            case 'f', 'r' -> sender = value;
            case 'o' -> dotEnds = dotEnds && !value.equals("i");
            default -> {
                // of no effect here
            }
        }
    }

    private void mode(String value) {
        switch (value) {
            case "m" -> {
                // what happens without it, too
            }
            case "p" -> other = new Request.ListSpool();
            // what visitors of a site type in may be words of PHP's calls, which have -t
            case "s" ->
                    other =
                            recipientsInHeader
                                    ? unknown("-bs: its client names the recipients, and not -t")
                                    : new Request.Talk();
            case "d", "D" ->
                    other = unknown("-b" + value + ": for mail over SMTP run: outmail smtp-in");
            default ->
                    other = unknown("-b" + value + ": there is no such mode, but -bm, -bp and -bs");
        }
    }

    private static Request.Other unknown(String why) {
        return new Request.Unknown(why);
    }
}
