package dev.outmail.mail;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An attachment as a user wrote it, of which anything may be missing or wrong.
@SuppressWarnings("ArrayRecordComponent") // never compared
record AttachmentDraft(
        @Nullable String name,
        @Nullable String contentType,
        byte @Nullable [] content,
        @Nullable String contentId) {

    /// The attachments without fault; each fault by the place the user wrote it in.
    static List<Attachment> finish(List<AttachmentDraft> drafts, Problems problems) {
        var finished = new ArrayList<Attachment>(drafts.size());
        var contentIds = new HashSet<String>();
        for (int i = 0; i < drafts.size(); i++) {
            String field = "attachments[" + i + "]";
            var draft = drafts.get(i);
            var faults = new Problems();
            draft.check(field, faults);
            AttachmentRules.contentIdIsNew(
                    field + ".contentId", draft.contentId, contentIds, faults);
            if (faults.isEmpty()) {
                finished.add(draft.finish());
            }
            faults.list().forEach(problems::add);
        }
        return finished;
    }

    private void check(String field, Problems problems) {
        if (content == null) {
            problems.add(field + ".content", "it is missing", "give the bytes, in base64");
        }
        AttachmentRules.name(field + ".name", nameOrDefault(), problems);
        AttachmentRules.contentType(field + ".contentType", typeOrDefault(), problems);
        AttachmentRules.contentId(field + ".contentId", contentId, problems);
    }

    private Attachment finish() {
        return new Attachment(
                nameOrDefault(), typeOrDefault(), Objects.requireNonNull(content), contentId);
    }

    private String nameOrDefault() {
        return name == null ? FileName.NONE : name;
    }

    private String typeOrDefault() {
        return contentType == null ? MediaType.UNKNOWN : contentType;
    }
}
