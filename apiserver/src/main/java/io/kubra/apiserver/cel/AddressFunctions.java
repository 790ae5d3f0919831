package io.kubra.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionOverload;
import io.kubra.apiserver.cel.Function.Arg;
import java.util.List;
import java.util.function.Predicate;

/** The libraries of IP addresses and of CIDR blocks. */
@SuppressWarnings("Immutable") // the tests are method references
final class AddressFunctions {
  private static final CelType IP_TYPE = OpaqueType.create("net.IP");
  private static final CelType CIDR_TYPE = OpaqueType.create("net.CIDR");
  private static final Arg IP = new Arg(IP_TYPE, IpAddress.class);
  private static final Arg CIDR = new Arg(CIDR_TYPE, CidrBlock.class);

  static final List<Function> ALL =
      List.of(
          Function.of(
              "ip",
              Function.global(
                  "string_to_ip",
                  IP_TYPE,
                  List.of(Arg.STRING),
                  a -> IpAddress.required((String) a[0])),
              Function.member("cidr_ip", IP_TYPE, List.of(CIDR), a -> cidr(a).ip())),
          text("isIP", SimpleType.BOOL, a -> IpAddress.parse((String) a[0]) != null),
          text("ip.isCanonical", SimpleType.BOOL, AddressFunctions::isCanonical),
          Function.of(
              "family",
              Function.member("ip_family", SimpleType.INT, List.of(IP), a -> ip(a).family())),
          is("isUnspecified", i -> i.address().isAnyLocalAddress()),
          is("isLoopback", i -> i.address().isLoopbackAddress()),
          is("isLinkLocalMulticast", IpAddress::isLinkLocalMulticast),
          is("isLinkLocalUnicast", i -> i.address().isLinkLocalAddress()),
          is("isGlobalUnicast", IpAddress::isGlobalUnicast),
          text("cidr", CIDR_TYPE, a -> CidrBlock.required((String) a[0])),
          text("isCIDR", SimpleType.BOOL, a -> CidrBlock.parse((String) a[0]) != null),
          Function.of(
              "containsIP",
              Function.member(
                  "cidr_contains_ip_string",
                  SimpleType.BOOL,
                  List.of(CIDR, Arg.STRING),
                  a -> cidr(a).contains(IpAddress.required((String) a[1]))),
              Function.member(
                  "cidr_contains_ip_ip",
                  SimpleType.BOOL,
                  List.of(CIDR, IP),
                  a -> cidr(a).contains((IpAddress) a[1]))),
          Function.of(
              "containsCIDR",
              Function.member(
                  "cidr_contains_cidr_string",
                  SimpleType.BOOL,
                  List.of(CIDR, Arg.STRING),
                  a -> cidr(a).contains(CidrBlock.required((String) a[1]))),
              Function.member(
                  "cidr_contains_cidr",
                  SimpleType.BOOL,
                  List.of(CIDR, CIDR),
                  a -> cidr(a).contains((CidrBlock) a[1]))),
          Function.of(
              "masked",
              Function.member("cidr_masked", CIDR_TYPE, List.of(CIDR), a -> cidr(a).masked())),
          Function.of(
              "prefixLength",
              Function.member(
                  "cidr_prefix_length",
                  SimpleType.INT,
                  List.of(CIDR),
                  a -> (long) cidr(a).prefix())),
          Function.of(
              "string",
              Function.global("ip_to_string", SimpleType.STRING, List.of(IP), a -> a[0].toString()),
              Function.global(
                  "cidr_to_string", SimpleType.STRING, List.of(CIDR), a -> a[0].toString())));

  private AddressFunctions() {}

  private static Function text(String name, CelType result, CelFunctionOverload code) {
    return Function.of(name, Function.global("string_" + name, result, List.of(Arg.STRING), code));
  }

  private static Function is(String name, Predicate<IpAddress> test) {
    return Function.of(
        name, Function.member("ip_" + name, SimpleType.BOOL, List.of(IP), a -> test.test(ip(a))));
  }

  private static IpAddress ip(Object[] arguments) {
    return (IpAddress) arguments[0];
  }

  private static CidrBlock cidr(Object[] arguments) {
    return (CidrBlock) arguments[0];
  }

  private static Object isCanonical(Object[] arguments)
      throws dev.cel.runtime.CelEvaluationException {
    return IpAddress.required((String) arguments[0]).toString().equals(arguments[0]);
  }
}
