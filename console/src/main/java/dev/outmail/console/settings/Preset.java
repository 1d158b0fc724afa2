package dev.outmail.console.settings;

import java.util.List;

/// Where a common provider takes mail.
record Preset(String name, String host, int port, String security) {
    /// As their own manuals say; STARTTLS where they offer both.
    static final List<Preset> ALL =
            List.of(
                    new Preset(
                            "Amazon SES (Ireland)",
                            "email-smtp.eu-west-1.amazonaws.com",
                            587,
                            "starttls"),
                    new Preset(
                            "Amazon SES (N. Virginia)",
                            "email-smtp.us-east-1.amazonaws.com",
                            587,
                            "starttls"),
                    new Preset("Brevo", "smtp-relay.brevo.com", 587, "starttls"),
                    new Preset("Fastmail", "smtp.fastmail.com", 465, "tls"),
                    new Preset("Gmail, Google Workspace", "smtp.gmail.com", 587, "starttls"),
                    new Preset("iCloud", "smtp.mail.me.com", 587, "starttls"),
                    new Preset("Mailgun", "smtp.mailgun.org", 587, "starttls"),
                    new Preset("Mailjet", "in-v3.mailjet.com", 587, "starttls"),
                    new Preset("Microsoft 365", "smtp.office365.com", 587, "starttls"),
                    new Preset("Postmark", "smtp.postmarkapp.com", 587, "starttls"),
                    new Preset("SendGrid", "smtp.sendgrid.net", 587, "starttls"),
                    new Preset("Zoho", "smtp.zoho.com", 465, "tls"),
                    new Preset("A relay on this host", "localhost", 25, "none"));
}
