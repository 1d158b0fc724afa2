package dev.outmail.spring.test;

import dev.outmail.spring.OutmailAutoConfiguration;
import dev.outmail.spring.OutmailInTransactionsAutoConfiguration;
import dev.outmail.spring.OutmailMailSenderAutoConfiguration;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Import;

/// A test whose application has an [InMemoryOutmail] in place of a connection to Kafka, and its
/// JavaMailSender on it; beside `@SpringBootTest` or any slice. It is cleared before each test.
///
/// ```java
/// @SpringBootTest
/// @OutmailTest
/// class TasksTest {
///     @Autowired InMemoryOutmail mails;
/// ```
///
/// Transactions are joined as ever: within a test's own transaction, which is rolled back, nothing
/// is sent.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration({
    OutmailAutoConfiguration.class,
    OutmailInTransactionsAutoConfiguration.class,
    OutmailMailSenderAutoConfiguration.class
})
@Import(InMemoryConfiguration.class)
public @interface OutmailTest {}
