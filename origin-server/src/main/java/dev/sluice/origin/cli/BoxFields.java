package dev.sluice.origin.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.mp4parser.ParsableBox;
import org.mp4parser.boxes.UnknownBox;

/** The fields of a box that mp4parser has read, on a line. */
final class BoxFields {
  private static final int MAX_ENTRIES = 8;

  /** What every box has, or what the tree shows anyway. */
  private static final Set<String> NOT_SHOWN =
      Set.of("class", "content", "offset", "path", "size", "type", "userType", "parsed");

  private BoxFields() {}

  /** The fields; empty where nothing is known of the box. */
  static String of(ParsableBox box) {
    if (box instanceof UnknownBox) {
      return "";
    }
    String own = box.toString();
    if (!own.startsWith(box.getClass().getName() + "@")) {
      return own;
    }
    return Arrays.stream(box.getClass().getMethods())
        .filter(BoxFields::isField)
        .sorted(Comparator.comparing(Method::getName))
        .map(method -> name(method) + "=" + value(box, method))
        .collect(Collectors.joining(";", box.getClass().getSimpleName() + "[", "]"));
  }

  private static boolean isField(Method method) {
    return method.getParameterCount() == 0
        && (method.getName().startsWith("get") || method.getName().startsWith("is"))
        && !NOT_SHOWN.contains(name(method));
  }

  private static String name(Method method) {
    String name = method.getName().substring(method.getName().startsWith("is") ? 2 : 3);
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static String value(ParsableBox box, Method method) {
    try {
      return switch (method.invoke(box)) {
        case null -> "none";
        case byte[] bytes -> HexFormat.of().formatHex(bytes);
        case long[] numbers ->
            Arrays.stream(numbers).limit(MAX_ENTRIES).boxed().toList().toString();
        case Collection<?> entries -> entries.stream().limit(MAX_ENTRIES).toList().toString();
        case Object other -> other.toString();
      };
    } catch (IllegalAccessException | InvocationTargetException e) {
      return "?";
    }
  }
}
