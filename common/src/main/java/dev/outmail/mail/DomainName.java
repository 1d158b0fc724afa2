package dev.outmail.mail;

import dev.outmail.mail.Checked.Faulty;
import dev.outmail.mail.Checked.Fine;
import java.net.IDN;
import java.util.Locale;

/// What stands after the `@`: a host name in letters, digits and hyphens (RFC 5321 §2.3.5), or one
/// that IDNA turns into such.
final class DomainName {
    private static final int MAX_OCTETS = 253;
    private static final int MAX_LABEL_OCTETS = 63;

    private DomainName() {}

    /// The domain in lower-case ASCII.
    static Checked<String> check(String written) {
        if (written.isEmpty()) {
            return new Faulty<>("nothing stands after the '@'", "write it as name@domain");
        }
        if (Characters.isAscii(written)) {
            return checkAscii(written);
        }
        return toAscii(written).then(DomainName::checkAscii);
    }

    private static Checked<String> checkAscii(String domain) {
        if (domain.length() > MAX_OCTETS) {
            return new Faulty<>("the domain is longer than 253 octets", "check the address");
        }
        int label = 0;
        for (int i = 0; i <= domain.length(); i++) {
            char c = i == domain.length() ? '.' : domain.charAt(i);
            if (c == '.') {
                if (checkLabel(domain, label, i) instanceof Faulty<String> faulty) {
                    return faulty;
                }
                label = i + 1;
            } else if (!Characters.isLetterOrDigit(c) && c != '-') {
                return new Faulty<>(
                        Characters.name(domain, i) + " can't stand in a domain", remedy(c));
            }
        }
        return isNumeric(domain.substring(domain.lastIndexOf('.') + 1))
                ? new Faulty<>("the domain looks like an IP address", "write the host's name")
                : new Fine<>(domain.toLowerCase(Locale.ROOT));
    }

    private static Checked<String> checkLabel(String domain, int start, int end) {
        if (start == end) {
            return new Faulty<>(
                    "a dot at the start, at the end or after another dot of the domain",
                    "remove the dot");
        }
        if (domain.charAt(start) == '-' || domain.charAt(end - 1) == '-') {
            return new Faulty<>(
                    "a part of the domain starts or ends with a hyphen", "check the address");
        }
        if (end - start > MAX_LABEL_OCTETS) {
            return new Faulty<>(
                    "a part of the domain is longer than 63 octets", "check the address");
        }
        return new Fine<>(domain);
    }

    private static String remedy(char c) {
        return switch (c) {
            case '@' -> "an address has one '@'; give each mailbox as an entry of its own";
            case ',', ';' -> "give each mailbox as an entry of its own";
            case '(', ')' -> "leave comments out";
            case '[', ']' -> "write the host's name; address literals aren't accepted";
            case '<', '>' -> "write it as name@domain or as Name <name@domain>";
            default -> "check the address";
        };
    }

    private static boolean isNumeric(String label) {
        for (int i = 0; i < label.length(); i++) {
            if (!Characters.isDigit(label.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /// By IDNA2003, which is what the JDK has. Where IDNA2008 means another domain by the same
    /// characters, or may come to, there is no guessing.
    private static Checked<String> toAscii(String written) {
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == 'ß' || c == 'ς' || Characters.isInvisible(c) || Characters.isControl(c)) {
                return ambiguous(Characters.name(written, i) + " can't stand in a domain");
            }
        }
        try {
            return new Fine<>(IDN.toASCII(written, IDN.USE_STD3_ASCII_RULES));
        } catch (IllegalArgumentException e) {
            return ambiguous("the domain is no internationalized domain name of IDNA2003");
        }
    }

    private static Checked<String> ambiguous(String what) {
        return new Faulty<>(what, "write the domain in its ASCII form, xn--…");
    }
}
