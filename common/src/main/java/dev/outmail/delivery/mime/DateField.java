package dev.outmail.delivery.mime;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// The Date field's value in universal time (RFC 5322 §3.3), such as `Sun, 22 Nov 2026 08:05:00
/// +0000`.
final class DateField {
    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private DateField() {}

    static String value(Instant date) {
        var utc = LocalDateTime.ofInstant(date, ZoneOffset.UTC);
        int day = 3 * (utc.getDayOfWeek().getValue() - 1);
        int month = 3 * (utc.getMonthValue() - 1);
        var value = new StringBuilder(32).append(DAYS, day, day + 3).append(", ");
        twoDigits(utc.getDayOfMonth(), value).append(' ');
        value.append(MONTHS, month, month + 3).append(' ').append(utc.getYear()).append(' ');
        twoDigits(utc.getHour(), value).append(':');
        twoDigits(utc.getMinute(), value).append(':');
        return twoDigits(utc.getSecond(), value).append(" +0000").toString();
    }

    private static StringBuilder twoDigits(int number, StringBuilder value) {
        return value.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
