package dev.outmail.console.log;

import dev.outmail.wire.LogEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the index of words knows an entry by, and how it is asked.
final class Words {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\p{Co}]+");
    private static final int MOST_WORDS = 12;

    private Words() {}

    /// An entry's words: what people search for, and what filters ask for as words of their own,
    /// which costs less than to look at each entry that has the others.
    static String of(LogEntry entry, @Nullable String subject, String recipients) {
        var words = new StringBuilder(400);
        var event = entry.event();
        if (event != null) {
            words.append(event.id()).append(' ').append(event.source()).append(' ');
            add(words, event.type());
            add(words, filter('t', event.type()));
        }
        add(words, subject);
        words.append(recipients).append(' ').append(entry.reason()).append(' ');
        words.append(entry.detail()).append(' ');
        add(words, entry.server());
        add(words, filter('o', entry.outcome().wireName()));
        add(words, filter('p', entry.profile()));
        add(words, filter('w', entry.worker()));
        add(words, filter('r', Long.toString(entry.revision())));
        return words.toString();
    }

    private static void add(StringBuilder words, @Nullable String more) {
        if (more != null) {
            words.append(more).append(' ');
        }
    }

    /// The word of a filter's value, which no text is likely to have. Two values of one word are
    /// told apart by the entries.
    static @Nullable String filter(char field, @Nullable String value) {
        return value == null || value.isEmpty()
                ? null
                : "0filter"
                        + field
                        + Integer.toHexString(value.toLowerCase(Locale.ROOT).hashCode());
    }

    /// A query for entries that have all words of a text, the last of which may only have begun;
    /// empty for a text without words.
    static Optional<String> query(String text, List<@Nullable String> filters) {
        var terms = new ArrayList<String>();
        for (var filter : filters) {
            if (filter != null) {
                terms.add('"' + filter + '"');
            }
        }
        var words = Stream.of(NO_WORD.split(text.strip())).filter(word -> !word.isEmpty()).toList();
        for (int i = 0; i < Math.min(words.size(), MOST_WORDS); i++) {
            terms.add('"' + words.get(i) + (i == words.size() - 1 ? "\"*" : "\""));
        }
        return terms.isEmpty() ? Optional.empty() : Optional.of(String.join(" AND ", terms));
    }
}
