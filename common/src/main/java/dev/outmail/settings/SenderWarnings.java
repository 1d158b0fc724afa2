package dev.outmail.settings;

import dev.outmail.mail.EmailAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What an admin should know of a profile's sender: replies that would not come back to the profile
/// whose mail they answer. None of it is wrong, so none of it keeps settings from being saved.
public final class SenderWarnings {
    private SenderWarnings() {}

    /// The warnings, a sentence each. A pure function.
    ///
    /// @param profile whose sender it is, as just saved or about to be
    /// @param all the settings of all profiles; what they say of this one does not count
    public static List<String> of(ProfileSettings profile, SettingsSnapshot all) {
        var sender = profile.settings().sender();
        if (sender == null) {
            return List.of();
        }
        var warnings = new ArrayList<String>();
        var others = others(profile.profile(), sender.address(), all);
        if (!others.isEmpty()) {
            warnings.add(
                    "the sender's address "
                            + sender.address()
                            + " is also that of "
                            + others
                            + ": replies to one can't be told from replies to the other");
        }
        var incoming = sender.incomingAddress();
        if (incoming != null && !isSame(sender.address(), incoming)) {
            warnings.add(
                    "the sender's address "
                            + sender.address()
                            + " is not the incoming address "
                            + incoming
                            + ": replies would not come back");
        }
        return warnings;
    }

    /// The names of the other profiles with this sender, for people; empty where there is none.
    private static String others(String profile, EmailAddress address, SettingsSnapshot all) {
        return all.profiles().values().stream()
                .filter(other -> !other.profile().equals(profile))
                .filter(other -> {
                    var sender = other.settings().sender();
                    return sender != null && isSame(sender.address(), address);
                })
                .map(other -> "profile '" + other.profile() + "'")
                .sorted()
                .collect(Collectors.joining(" and "));
    }

    /// Servers that tell local parts apart by their case alone have nobody's mailbox.
    private static boolean isSame(EmailAddress one, EmailAddress other) {
        return one.domain().equals(other.domain())
                && one.localPart().equalsIgnoreCase(other.localPart());
    }
}
