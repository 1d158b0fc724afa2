package dev.outmail.mail;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A file that travels with the mail. The bytes are shared, not copied: nobody changes them after.
///
/// @param name the file name, without directories and what could deceive, at most 200 characters
/// @param contentType a media type such as `application/pdf`
/// @param contentId what the HTML refers to as `cid:…`, without angle brackets; null for a plain
///   attachment
// equality is by content, below; a copy of 10 MB per event is not worth it
@SuppressWarnings("ArrayRecordComponent")
public record Attachment(
        String name, String contentType, byte[] content, @Nullable String contentId) {
    /// Cleans the name.
    ///
    /// @throws InvalidMailEvent if the type or content id is none
    public Attachment {
        Objects.requireNonNull(content, "content");
        var problems = new Problems();
        AttachmentRules.name("attachment.name", name, problems);
        AttachmentRules.contentType("attachment.contentType", contentType, problems);
        AttachmentRules.contentId("attachment.contentId", contentId, problems);
        problems.throwIfAny();
        name = FileName.clean(name);
    }

    public boolean inline() {
        return contentId != null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Attachment that
                && name.equals(that.name)
                && contentType.equals(that.contentType)
                && Objects.equals(contentId, that.contentId)
                && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, contentType, contentId, Arrays.hashCode(content));
    }

    @Override
    public String toString() {
        return "Attachment[" + contentType + ", " + content.length + " bytes]";
    }
}
