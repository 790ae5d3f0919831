package io.kubra.apiserver.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.api.validation.Addresses;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The regex library (find, findAll), and the checks and parts of URLs, addresses and networks. */
final class TextFunctions {
  private static final CelType STRING = SimpleType.STRING;

  static final List<Function> ALL =
      List.of(
          two("find", STRING, a -> find((String) a[0], (String) a[1])),
          two("findAll", ListType.create(STRING), a -> findAll((String) a[0], (String) a[1])),
          global("isURL", SimpleType.BOOL, a -> url((String) a[0]) != null),
          global("isIP", SimpleType.BOOL, a -> Addresses.ip((String) a[0]).isEmpty()),
          global("isCIDR", SimpleType.BOOL, a -> Addresses.cidr((String) a[0]).isEmpty()),
          global("url", SimpleType.DYN, a -> required(url((String) a[0]))),
          part("getScheme", a -> text(of(a).getScheme())),
          part("getHost", a -> host(of(a))),
          part("getHostname", a -> text(of(a).getHost()).replaceAll("^\\[|\\]$", "")),
          part("getPort", a -> of(a).getPort() < 0 ? "" : String.valueOf(of(a).getPort())),
          part("getEscapedPath", a -> text(of(a).getRawPath())));

  private TextFunctions() {}

  private static Function two(String name, CelType result, CelFunctionOverload code) {
    return Function.of(
        name,
        new Function.Overload(
            "string_" + name,
            true,
            result,
            List.of(STRING, STRING),
            List.of(String.class, String.class),
            code));
  }

  private static Function global(String name, CelType result, CelFunctionOverload code) {
    return Function.of(
        name,
        new Function.Overload(
            "string_to_" + name, false, result, List.of(STRING), List.of(String.class), code));
  }

  private static Function part(String name, CelFunctionOverload code) {
    return Function.of(
        name,
        new Function.Overload(
            "url_" + name, true, STRING, List.of(SimpleType.DYN), List.of(URI.class), code));
  }

  private static URI of(Object[] arguments) {
    return (URI) arguments[0];
  }

  private static String host(URI url) {
    return url.getPort() < 0 ? text(url.getHost()) : url.getHost() + ":" + url.getPort();
  }

  private static String find(String text, String regex) {
    Matcher m = Pattern.compile(regex).matcher(text);
    return m.find() ? m.group() : "";
  }

  private static List<String> findAll(String text, String regex) {
    List<String> all = new ArrayList<>();
    Matcher m = Pattern.compile(regex).matcher(text);
    while (m.find()) {
      all.add(m.group());
    }
    return all;
  }

  private static @Nullable URI url(String text) {
    try {
      URI url = new URI(text);
      return url.isAbsolute() || text.startsWith("/") ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static URI required(@Nullable URI url) throws CelEvaluationException {
    if (url == null) {
      throw new CelEvaluationException("URL parse error during conversion from string");
    }
    return url;
  }

  private static String text(@Nullable String part) {
    return part == null ? "" : part;
  }
}
