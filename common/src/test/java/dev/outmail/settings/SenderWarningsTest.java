package dev.outmail.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outmail.mail.EmailAddress;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SenderWarningsTest {
    private static ProfileSettings profile(String name, @Nullable Sender sender) {
        return new ProfileSettings(name, 1, Settings.INITIAL.withSender(sender));
    }

    private static Sender from(String address) {
        return new Sender(EmailAddress.parse(address), null, false);
    }

    private static Sender from(String address, String incoming) {
        return from(address).withIncomingAddress(EmailAddress.parse(incoming));
    }

    private static List<String> warnings(ProfileSettings profile, ProfileSettings... others) {
        var all = new HashMap<String, ProfileSettings>();
        for (var other : others) {
            all.put(other.profile(), other);
        }
        return SenderWarnings.of(profile, new SettingsSnapshot(all));
    }

    @Test
    void aSenderOfItsOwnIsNoneToWarnOf() {
        assertThat(warnings(profile("a", from("app@example.com")))).isEmpty();
        assertThat(
                        warnings(
                                profile("a", from("app@example.com", "App@example.com")),
                                profile("b", from("other@example.com")),
                                profile("c", null)))
                .isEmpty();
        assertThat(warnings(profile("a", null), profile("b", from("app@example.com")))).isEmpty();
    }

    @Test
    void whatWasSavedOfTheProfileBeforeDoesNotCount() {
        var saved = profile("a", from("app@example.com"));

        assertThat(warnings(saved, saved)).isEmpty();
        assertThat(warnings(saved, profile("a", from("old@example.com")))).isEmpty();
    }

    @Test
    void aSenderThatOthersHaveTooIsToldWithTheirNames() {
        assertThat(
                        warnings(
                                profile("a", from("app@example.com")),
                                profile("c", from("App@Example.com")),
                                profile("b", from("app@example.com")),
                                profile("d", from("app@mail.example.com"))))
                .containsExactly(
                        "the sender's address app@example.com is also that of profile 'b' and profile"
                                + " 'c': replies to one can't be told from replies to the other");
    }

    @Test
    void anIncomingAddressThatIsAnotherIsTold() {
        assertThat(warnings(profile("a", from("app@example.com", "in@example.com"))))
                .containsExactly(
                        "the sender's address app@example.com is not the incoming address"
                                + " in@example.com: replies would not come back");
    }

    @Test
    void bothAreTold() {
        assertThat(
                        warnings(
                                profile("a", from("app@example.com", "in@example.com")),
                                profile("b", from("app@example.com"))))
                .hasSize(2);
    }
}
