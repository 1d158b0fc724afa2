package dev.outmail.worker.ledger;

import dev.outmail.delivery.Reason;
import dev.outmail.delivery.RecipientVerdict.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Ledger records as bytes:
///
/// ```
/// version   1 byte, 2
/// stage     1 byte: 0 started, 1 waiting, 2 settled, 3 held
/// attempt   unsigned, 7 bits a byte, the lowest first, the high bit: more follow
/// offset    the same
/// beginning 8 bytes, of started and waiting only; version 1 had none
/// groups    recipients with the same verdict and reason; nothing where none is settled
///   verdict, reason   their wire names: 1 byte for the length, ASCII
///   count             as attempt
///   recipients        8 bytes each: the first of the address's SHA-256
/// ```
final class LedgerCodec {
    private static final byte VERSION = 2;
    private static final byte WITHOUT_BEGINNINGS = 1;
    private static final int MAX_BYTES = 1 << 20;

    /// Larger numbers are no attempts and no offsets.
    private static final int MAX_NUMBER_BITS = 49;

    private static final Map<String, Verdict> VERDICTS = index(Verdict.values(), Verdict::wireName);
    private static final Map<String, Reason> REASONS = index(Reason.values(), Reason::wireName);

    private LedgerCodec() {}

    static byte[] encode(LedgerRecord record) {
        var out = new ByteArrayOutputStream(16);
        var entry = record.entry();
        out.write(VERSION);
        out.write(entry.stage().code());
        writeNumber(out, entry.attempt());
        writeNumber(out, entry.offset());
        if (hasBeginning(entry.stage())) {
            writeLong(out, record.beginning());
        }
        var groups = new HashMap<Settled.Judgement, List<Long>>();
        record.settled()
                .byRecipient()
                .forEach((recipient, judgement) ->
                        groups.computeIfAbsent(judgement, _ -> new ArrayList<>()).add(recipient));
        groups.forEach((judgement, recipients) -> writeGroup(out, judgement, recipients));
        return out.toByteArray();
    }

    private static boolean hasBeginning(Stage stage) {
        return switch (stage) {
            case STARTED, WAITING -> true;
            case HELD, SETTLED -> false;
        };
    }

    private static void writeGroup(
            ByteArrayOutputStream out, Settled.Judgement judgement, List<Long> recipients) {
        writeName(out, judgement.verdict().wireName());
        writeName(out, judgement.reason().wireName());
        writeNumber(out, recipients.size());
        for (long recipient : recipients) {
            writeLong(out, recipient);
        }
    }

    private static void writeLong(ByteArrayOutputStream out, long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
    }

    private static void writeName(ByteArrayOutputStream out, String name) {
        out.write(name.length());
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static void writeNumber(ByteArrayOutputStream out, long number) {
        long left = number;
        while (left > 0x7f) {
            out.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    /// Null for what is no record of a version that is known here.
    static @Nullable LedgerRecord decode(byte @Nullable [] value) {
        if (value == null || value.length > MAX_BYTES) {
            return null;
        }
        try {
            return read(ByteBuffer.wrap(value));
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    private static @Nullable LedgerRecord read(ByteBuffer in) {
        byte version = in.get();
        if (version != VERSION && version != WITHOUT_BEGINNINGS) {
            return null;
        }
        var stage = Stage.of(in.get());
        long attempt = readNumber(in);
        long offset = readNumber(in);
        long beginning =
                version == VERSION && stage != null && hasBeginning(stage)
                        ? in.getLong()
                        : LedgerRecord.ANY;
        var settled = in.hasRemaining() ? readSettled(in) : Settled.NONE;
        if (stage == null
                || settled == null
                || attempt < 0
                || attempt > LedgerEntry.MAX_ATTEMPT
                || offset < 0
                || offset > LedgerEntry.MAX_OFFSET) {
            return null;
        }
        return new LedgerRecord(new LedgerEntry(stage, (int) attempt, offset), settled, beginning);
    }

    private static @Nullable Settled readSettled(ByteBuffer in) {
        var byRecipient = new HashMap<Long, Settled.Judgement>();
        while (in.hasRemaining()) {
            var verdict = VERDICTS.get(readName(in));
            // A reason that a later version has: what counts is the verdict.
            var reason = REASONS.getOrDefault(readName(in), Reason.INTERNAL_ERROR);
            long count = readNumber(in);
            if (verdict == null || count < 0 || count > in.remaining() / Long.BYTES) {
                return null;
            }
            for (long i = 0; i < count; i++) {
                byRecipient.put(in.getLong(), new Settled.Judgement(verdict, reason));
            }
        }
        return new Settled(byRecipient);
    }

    private static String readName(ByteBuffer in) {
        var name = new byte[Byte.toUnsignedInt(in.get())];
        in.get(name);
        return new String(name, StandardCharsets.US_ASCII);
    }

    /// -1 for one that is too large.
    private static long readNumber(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < MAX_NUMBER_BITS; shift += 7) {
            byte next = in.get();
            number |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        return -1;
    }

    private static <T> Map<String, T> index(T[] values, Function<T, String> name) {
        return Stream.of(values).collect(Collectors.toUnmodifiableMap(name, Function.identity()));
    }
}
