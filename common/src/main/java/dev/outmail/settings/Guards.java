package dev.outmail.settings;

import dev.outmail.mail.EmailAddress;
import org.jspecify.annotations.Nullable;

/// What keeps a profile's mail, at a staging site above all, from the people whom it is for. Each
/// guard only ever takes away: with both, whom `onlyTo` doesn't allow is kept back, and what is for
/// the others goes to `redirectTo`, which needn't be allowed itself.
///
/// @param onlyTo the recipients who alone may get mail; null for everybody
/// @param redirectTo who gets all mail in place of its recipients; null for themselves
public record Guards(@Nullable AllowList onlyTo, @Nullable EmailAddress redirectTo) {
    public static final Guards NONE = new Guards(null, null);

    /// Whether mail for this recipient may leave.
    public boolean allows(EmailAddress recipient) {
        return onlyTo == null || onlyTo.allows(recipient);
    }

    public Guards withOnlyTo(@Nullable AllowList changed) {
        return new Guards(changed, redirectTo);
    }

    public Guards withRedirectTo(@Nullable EmailAddress changed) {
        return new Guards(onlyTo, changed);
    }
}
