package dev.outmail.testkit.smtp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// What goes wrong at a server, by chance or for some recipients:
///
/// ```java
/// server.faults(new Faults(seed)
///         .byChance("lost answer", 0.02, ".", Act.close())
///         .forAddresses("greylisted", "+grey@", 1, "RCPT", Act.reply("450 4.2.0 later")));
/// ```
///
/// Moments are those of [ScriptedSmtpServer]; its script comes first. Chances at the same moment
/// exclude each other, so that they add up. What the server refuses anyway meets no fault. The
/// order of what chance brings follows from the seed; which message it meets depends on the order
/// in which messages come. Guarded by itself.
public final class Faults {
    private static final Act TOO_MANY = Act.reply("452 4.5.3 too many recipients");

    private record Chance(String name, double probability, String moment, Act act) {}

    private record Tag(String name, String part, int times, String moment, Act act) {}

    /// How often a tag's fault met an address.
    private record Met(Tag tag, String address) {}

    private final Random random;
    private final List<Chance> chances = new ArrayList<>();
    private final List<Tag> tags = new ArrayList<>();
    private final Map<Met, Integer> met = new HashMap<>();
    private final Map<String, Integer> played = new HashMap<>();
    private int mostRecipients = Integer.MAX_VALUE;

    public Faults(long seed) {
        random = new Random(seed);
    }

    /// Does this at that moment, with this probability.
    ///
    /// @param name what the ledger calls it
    public synchronized Faults byChance(String name, double probability, String moment, Act act) {
        chances.add(new Chance(name, probability, moment, act));
        return this;
    }

    /// Does this for recipients whose address has this part, such as `+slow@`, the first so many
    /// times for each address. At `RCPT` it meets the recipient, at `.` and `DATA` every message
    /// that has such a recipient.
    public synchronized Faults forAddresses(
            String name, String part, int times, String moment, Act act) {
        tags.add(new Tag(name, part, times, moment, act));
        return this;
    }

    /// Takes so many recipients in a transaction; says 452 4.5.3 to more (RFC 5321 §4.5.3.1.10).
    public synchronized Faults mostRecipients(int count) {
        mostRecipients = count;
        return this;
    }

    /// How often this fault was played.
    public synchronized int played(String name) {
        return played.getOrDefault(name, 0);
    }

    /// No faults any more; the counts stay.
    public synchronized void clear() {
        chances.clear();
        tags.clear();
    }

    /// What happens at this line instead of the usual, if anything does.
    ///
    /// @param recipients who was accepted in this transaction so far
    synchronized Act actFor(String line, List<String> recipients, Act usual) {
        String moment = line.toUpperCase(Locale.ROOT);
        if (usual.refuses()) {
            return usual;
        }
        if (recipients.size() >= mostRecipients && moment.startsWith("RCPT")) {
            return chosen("too many recipients", TOO_MANY);
        }
        for (Tag tag : tags) {
            if (moment.startsWith(tag.moment()) && meets(tag, line, recipients)) {
                return chosen(tag.name(), tag.act());
            }
        }
        return byChance(moment, usual);
    }

    private Act byChance(String moment, Act usual) {
        double left = random.nextDouble();
        for (Chance chance : chances) {
            if (moment.startsWith(chance.moment())) {
                left -= chance.probability();
                if (left < 0) {
                    return chosen(chance.name(), chance.act());
                }
            }
        }
        return usual;
    }

    private boolean meets(Tag tag, String line, List<String> recipients) {
        return tag.moment().startsWith("RCPT")
                ? meets(tag, line)
                : recipients.stream().anyMatch(recipient -> meets(tag, recipient));
    }

    private boolean meets(Tag tag, String address) {
        return address.contains(tag.part())
                && (tag.times() == Integer.MAX_VALUE
                        || met.merge(new Met(tag, address), 1, Integer::sum) <= tag.times());
    }

    private Act chosen(String name, Act act) {
        played.merge(name, 1, Integer::sum);
        return new Acts.Fault(name, act);
    }
}
