package dev.outmail.preferences;

/// What most addresses are: lower-case letters and digits with single dots, hyphens and, before the
/// `@`, underscores between them. That they are addresses as Outmail writes them is told without
/// the parser, which would take a second for a million.
final class PlainAddress {
    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_DOMAIN = 63;

    private PlainAddress() {}

    /// False also for many an address that is one.
    static boolean is(byte[] address) {
        int at = -1;
        boolean afterSign = true;
        for (int i = 0; i < address.length; i++) {
            byte c = address[i];
            boolean sign = !isLetter(c) && !(c >= '0' && c <= '9');
            if (sign && (afterSign || !isSign(c, at))) {
                return false;
            }
            at = c == '@' ? i : at;
            afterSign = sign;
        }
        return at > 0
                && at <= MAX_LOCAL_PART
                && address.length - at - 1 <= MAX_DOMAIN
                && isLetter(address[address.length - 1]);
    }

    private static boolean isLetter(byte c) {
        return c >= 'a' && c <= 'z';
    }

    /// @param at where the `@` was; negative before it
    private static boolean isSign(byte c, int at) {
        return c == '.' || c == '-' || (at < 0 && (c == '_' || c == '@'));
    }
}
