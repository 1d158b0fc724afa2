package dev.outmail.systemtest;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// All that another JVM shows by JMX.
final class ManagedBeans {
    private ManagedBeans() {}

    /// Each attribute of each bean with its value, or why it can't be read.
    @SuppressWarnings("BanJNDI") // the address is that of a JVM that this test started
    static String read(long pid) throws IOException, AttachNotSupportedException, JMException {
        var vm = VirtualMachine.attach(Long.toString(pid));
        String address;
        try {
            address = vm.startLocalManagementAgent();
        } finally {
            vm.detach();
        }
        var text = new StringBuilder();
        try (var connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
            var beans = connector.getMBeanServerConnection();
            for (var name : beans.queryNames(null, null)) {
                text.append(name).append('\n');
                for (var attribute : beans.getMBeanInfo(name).getAttributes()) {
                    text.append(attribute.getName())
                            .append('=')
                            .append(value(beans, name, attribute))
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private static String value(
            MBeanServerConnection beans, ObjectName name, MBeanAttributeInfo attribute)
            throws IOException {
        try {
            // an array of one shows its elements, however deep
            return Arrays.deepToString(
                    new Object[] {beans.getAttribute(name, attribute.getName())});
        } catch (JMException | RuntimeException e) {
            return e.toString();
        }
    }
}
