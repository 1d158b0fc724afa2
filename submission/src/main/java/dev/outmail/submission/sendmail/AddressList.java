package dev.outmail.submission.sendmail;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Takes the addresses out of the value of a header field (RFC 5322 §3.4), without their names:
/// comments, quotes, groups and routes are understood. Whether an address is one is for others to
/// say; but nothing may follow an address in angle brackets, where some readers see one address and
/// some another.
///
/// Jakarta Mail can do so, too, but takes as long to load as all else that the command does.
final class AddressList {
    private final String written;
    private final List<String> addresses = new ArrayList<>();

    /// Behind each address.
    private final List<Integer> ends = new ArrayList<>();

    private final StringBuilder plain = new StringBuilder();
    private boolean inBrackets;
    private int at;

    /// Behind the last character that was part of an address, and not of what stands between.
    private int addressEnd;

    private AddressList(String written) {
        this.written = written;
    }

    /// The addresses in their order.
    ///
    /// @throws IllegalArgumentException where brackets or quotes don't match
    static List<String> parse(String written) {
        return read(written).addresses;
    }

    private static AddressList read(String written) {
        var list = new AddressList(written);
        while (list.at < written.length()) {
            list.next();
        }
        list.end();
        return list;
    }

    /// The same list, with something behind some of its addresses.
    ///
    /// @param behind an address; nothing where there is nothing to be
    /// @throws IllegalArgumentException as above
    static String with(String written, UnaryOperator<String> behind) {
        var list = read(written);
        var with = new StringBuilder(written);
        for (int i = list.addresses.size() - 1; i >= 0; i--) {
            with.insert(list.ends.get(i), behind.apply(list.addresses.get(i)));
        }
        return with.toString();
    }

    private void next() {
        char c = written.charAt(at);
        switch (c) {
            case '(' -> comment();
            case '"' -> quoted('"');
            case '[' -> quoted(']');
            case '<' -> brackets();
            case ':' -> {
                plain.setLength(0); // the name of a group
                at++;
            }
            case ',', ';' -> {
                end();
                at++;
            }
            default -> {
                plain.append(c);
                at++;
                endBehind(c);
            }
        }
    }

    private void quoted(char end) {
        plain.append(upTo(end));
        addressEnd = at;
    }

    private void endBehind(char c) {
        if (!Character.isWhitespace(c)) {
            addressEnd = at;
        }
    }

    private void comment() {
        int depth = 0;
        do {
            char c = take();
            if (c == '\\') {
                take();
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
        } while (depth > 0);
        plain.append(' ');
    }

    /// What stands up to an end that is not escaped, both included.
    private String upTo(char end) {
        int start = at;
        take();
        for (char c = take(); c != end; c = take()) {
            if (c == '\\') {
                take();
            }
        }
        return written.substring(start, at);
    }

    private void brackets() {
        if (inBrackets) {
            throw wrong("a second '<'");
        }
        inBrackets = true;
        var inside = new StringBuilder();
        take();
        addressEnd = at;
        while (peek() != '>') {
            if (peek() == '(') {
                comment();
            } else {
                inside.append(peek() == '"' ? upTo('"') : String.valueOf(take()));
                endBehind(written.charAt(at - 1));
            }
        }
        take();
        plain.setLength(0);
        add(withoutRoute(inside.toString().strip()));
    }

    private void add(String address) {
        addresses.add(address);
        ends.add(addressEnd);
    }

    /// RFC 5322 §4.4: `@here,@there:name@domain`
    private static String withoutRoute(String address) {
        return address.startsWith("@") ? address.substring(address.indexOf(':') + 1) : address;
    }

    private void end() {
        var address = plain.toString().strip();
        if (!address.isEmpty() && inBrackets) {
            throw wrong("'" + address + "' behind '>'");
        }
        if (!address.isEmpty()) {
            add(address);
        }
        plain.setLength(0);
        inBrackets = false;
    }

    private char peek() {
        if (at == written.length()) {
            throw wrong("brackets or quotes that don't end");
        }
        return written.charAt(at);
    }

    private char take() {
        char c = peek();
        at++;
        return c;
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " in the list of addresses: " + written);
    }
}
