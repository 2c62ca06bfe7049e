package io.ramzswap.cli;

import io.ramzswap.attach.listen.ListenAddress;
import io.ramzswap.nbd.server.SocketOwner;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of {@link ListenArguments}. */
final class ListenConverters {
    private ListenConverters() {}

    /** Where to listen. */
    static final class Address implements ITypeConverter<ListenAddress> {
        @Override
        public ListenAddress convert(String text) {
            try {
                return ListenAddress.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Permission bits. */
    static final class Mode implements ITypeConverter<Integer> {
        private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");

        @Override
        public Integer convert(String text) {
            if (!OCTAL.matcher(text).matches()) {
                throw new TypeConversionException("'" + text + "' is no mode: write it in octal, as 0600 or 0660");
            }
            return Integer.valueOf(text, 8);
        }
    }

    /** A user, a group, or both; by name or number. */
    static final class Owner implements ITypeConverter<SocketOwner> {
        private final UserPrincipalLookupService principals =
                FileSystems.getDefault().getUserPrincipalLookupService();

        @Override
        public SocketOwner convert(String text) {
            int colon = text.indexOf(':');
            String user = colon < 0 ? text : text.substring(0, colon);
            String group = colon < 0 ? "" : text.substring(colon + 1);
            if (user.isEmpty() && group.isEmpty()) {
                throw new TypeConversionException("'" + text + "' names neither a user nor a group");
            }
            return new SocketOwner(user(user), group(group));
        }

        private Optional<UserPrincipal> user(String name) {
            try {
                return name.isEmpty() ? Optional.empty() : Optional.of(principals.lookupPrincipalByName(name));
            } catch (IOException e) {
                throw new TypeConversionException("there is no user '" + name + "'");
            }
        }

        private Optional<GroupPrincipal> group(String name) {
            try {
                return name.isEmpty() ? Optional.empty() : Optional.of(principals.lookupPrincipalByGroupName(name));
            } catch (IOException e) {
                throw new TypeConversionException("there is no group '" + name + "'");
            }
        }
    }

    /** Whether to use TLS. */
    static final class Tls implements ITypeConverter<ListenArguments.TlsUse> {
        @Override
        public ListenArguments.TlsUse convert(String text) {
            return Stream.of(ListenArguments.TlsUse.values())
                    .filter(use -> use.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is none of off, on and require"));
        }
    }
}
