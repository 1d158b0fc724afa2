package dev.outmail.spring.test;

import dev.outmail.producer.InMemoryOutmail;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;

/// Clears the in-memory Outmail before each test of an [OutmailTest].
final class ClearedOutmail implements TestExecutionListener {
    @Override
    public void beforeTestMethod(TestContext test) {
        if (TestContextAnnotationUtils.hasAnnotation(test.getTestClass(), OutmailTest.class)) {
            test.getApplicationContext().getBean(InMemoryOutmail.class).clear();
        }
    }
}
