package io.kubra.apiserver.cel;

import io.kubra.api.structural.Formats;
import io.kubra.api.validation.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A format that texts may be checked against, by its name in expressions. */
record NamedFormat(String name, Function<String, List<String>> check) {
  static final Map<String, NamedFormat> ALL = all();

  private static Map<String, NamedFormat> all() {
    Map<String, NamedFormat> formats = new LinkedHashMap<>();
    add(formats, "dns1123Label", Names::dns1123Label);
    add(formats, "dns1123Subdomain", Names::dns1123Subdomain);
    add(formats, "dns1035Label", Names::dns1035Label);
    add(formats, "qualifiedName", Names::qualifiedName);
    add(formats, "dns1123LabelPrefix", text -> Names.dns1123Label(withoutDash(text)));
    add(formats, "dns1123SubdomainPrefix", text -> Names.dns1123Subdomain(withoutDash(text)));
    add(formats, "dns1035LabelPrefix", text -> Names.dns1035Label(withoutDash(text)));
    add(formats, "labelValue", Names::labelValue);
    add(formats, "uri", text -> like("uri", text, "must be a URI"));
    add(formats, "uuid", text -> like("uuid", text, "does not match the UUID format"));
    add(formats, "byte", text -> like("byte", text, "invalid base64"));
    add(formats, "date", text -> like("date", text, "invalid date"));
    add(formats, "datetime", text -> like("date-time", text, "invalid datetime"));
    return Map.copyOf(formats);
  }

  private static void add(
      Map<String, NamedFormat> formats, String name, Function<String, List<String>> check) {
    formats.put(name, new NamedFormat(name, check));
  }

  private static List<String> like(String format, String text, String problem) {
    return Formats.matches(format, text) ? List.of() : List.of(problem);
  }

  /** A prefix of generated names may end in a dash. */
  private static String withoutDash(String text) {
    return text.endsWith("-") ? text.substring(0, text.length() - 1) + "a" : text;
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof NamedFormat format && format.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
