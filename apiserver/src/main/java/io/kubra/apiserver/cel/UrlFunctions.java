package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.apiserver.cel.Function.Arg;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The URL library: url, isURL and the parts of URLs. */
final class UrlFunctions {
  private static final CelType TYPE = OpaqueType.create("kubernetes.URL");
  private static final Arg URL = new Arg(TYPE, URI.class);

  static final List<Function> ALL =
      List.of(
          Function.of(
              "url",
              Function.global(
                  "string_to_url", TYPE, List.of(Arg.STRING), a -> required((String) a[0]))),
          Function.of(
              "isURL",
              Function.global(
                  "is_url_string",
                  SimpleType.BOOL,
                  List.of(Arg.STRING),
                  a -> parse((String) a[0]) != null)),
          part("getScheme", SimpleType.STRING, a -> text(of(a).getScheme())),
          part("getHost", SimpleType.STRING, a -> host(of(a))),
          part("getHostname", SimpleType.STRING, a -> hostname(of(a))),
          part(
              "getPort",
              SimpleType.STRING,
              a -> of(a).getPort() < 0 ? "" : String.valueOf(of(a).getPort())),
          part("getEscapedPath", SimpleType.STRING, a -> text(of(a).getRawPath())),
          part(
              "getQuery",
              MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)),
              a -> query(of(a))));

  private UrlFunctions() {}

  private static Function part(String name, CelType result, CelFunctionOverload code) {
    return Function.of(name, Function.member("url_" + name, result, List.of(URL), code));
  }

  private static URI of(Object[] arguments) {
    return (URI) arguments[0];
  }

  private static String hostname(URI url) {
    String host = text(url.getHost());
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static String host(URI url) {
    return url.getPort() < 0 ? text(url.getHost()) : url.getHost() + ":" + url.getPort();
  }

  private static Map<String, List<String>> query(URI url) {
    Map<String, List<String>> values = new TreeMap<>();
    for (String pair : text(url.getRawQuery()).split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String key = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values
            .computeIfAbsent(URLDecoder.decode(key, StandardCharsets.UTF_8), k -> new ArrayList<>())
            .add(URLDecoder.decode(value, StandardCharsets.UTF_8));
      }
    }
    return values;
  }

  private static @Nullable URI parse(String text) {
    try {
      URI url = new URI(text);
      return url.isAbsolute() || text.startsWith("/") ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static URI required(String text) throws CelEvaluationException {
    URI url = parse(text);
    if (url == null) {
      throw new CelEvaluationException(
          "URL parse error during conversion from string: parse \""
              + text
              + "\": invalid URI for request");
    }
    return url;
  }

  private static String text(@Nullable String part) {
    return part == null ? "" : part;
  }
}
