package io.kubra.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.common.types.SimpleType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LibrariesTest {
  private static final Environment ENVIRONMENT =
      Environment.builder().variable("object", SimpleType.DYN).build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1, 2, 3].isSorted() && ![2, 1].isSorted() && ['a', 'b'].isSorted()",
        "[1, 2, 3].sum() == 6 && [1.5, 2.5].sum() == 4.0",
        "[3, 1, 2].min() == 1 && [3, 1, 2].max() == 3",
        "['a', 'b', 'a'].indexOf('a') == 0 && ['a', 'b', 'a'].lastIndexOf('a') == 2",
        "'abc 123'.find('[0-9]+') == '123' && 'abc'.find('x') == ''",
        "'1 22 3'.findAll('[0-9]+') == ['1', '22', '3'] && '1 2 3'.findAll('[0-9]', 1) == ['1']",
        "'aab'.matches('^a+b$') && 'xaabx'.matches('a+b') && !matches('c', '[ab]')",
        "url('https://example.com:80/p%20q?a=1&a=2&b').getHost() == 'example.com:80'",
        "url('https://example.com:80/').getPort() == '80' && url('/path').getHost() == ''",
        "url('https://[::1]:80/').getHostname() == '::1' && url('https://a/b%20c').getEscapedPath() == '/b%20c'",
        "url('https://a/?k=1&k=2').getQuery()['k'] == ['1', '2'] && !isURL('../relative')",
        "ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && ip('10.0.0.1').family() == 4",
        "ip('192.168.0.1').isGlobalUnicast() && ip('169.254.0.1').isLinkLocalUnicast()",
        "ip('224.0.0.1').isLinkLocalMulticast() && ip('0.0.0.0').isUnspecified()",
        "isIP('::1') && !isIP('::ffff:1.2.3.4') && !isIP('1.2.3') && !isIP('fe80::1%eth0')",
        "ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1')",
        "string(ip('2001:0db8:0:0:0:0:0:1')) == '2001:db8::1' && ip('127.0.0.1') == ip('127.0.0.1')",
        "cidr('192.168.0.0/24').containsIP('192.168.0.1') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
        "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))",
        "cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24') && cidr('::1/128').prefixLength() == 128",
        "string(cidr('192.168.0.0/24')) == '192.168.0.0/24' && cidr('192.168.0.0/24').ip() == ip('192.168.0.0')",
        "isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0')",
        "quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('50M') == quantity('50000k')",
        "quantity('50k').asInteger() == 50000 && !quantity('0.5').isInteger()",
        "quantity('1500m').asApproximateFloat() == 1.5 && quantity('-1').sign() == -1",
        "quantity('1').add(2) == quantity('3') && quantity('1').sub(quantity('1')).sign() == 0",
        "isQuantity('1.3Gi') && !isQuantity('1 Gi') && quantity('1').compareTo(quantity('2')) == -1",
        "format.dns1123Label().validate('a-b') == optional.none()",
        "format.named('dns1123Label').value().validate('A').hasValue() && !format.named('x').hasValue()",
        "!format.date().validate('2020-02-30') .hasValue() == false && !format.uuid().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()",
        "semver('1.2.3-rc.1').isLessThan(semver('1.2.3')) && semver('2.0.0').compareTo(semver('1.9.9')) == 1",
        "semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3",
        "isSemver('1.2.3') && !isSemver('v1.0') && isSemver('v1.0', true) && semver('v01.1', true) == semver('1.1.0')",
        "'%s is %d, %.2f, %x %b %%'.format(['a', 5, 1.234, 255, 5]) == 'a is 5, 1.23, ff 101 %'",
        "'%s'.format([[1, 'b', {'k': 2.50}]]) == '[1, b, {k: 2.5}]'",
        "sets.contains([1, 2, 3], [2]) && sets.intersects([1], [1, 2])",
        "[1, 2, 3].all(i, v, v == i + 1) && {'a': 1}.exists(k, v, k == 'a' && v == 1)",
        "optional.of(1).hasValue() && optional.none().orValue(2) == 2 && {'a': 1}[?'b'].orValue(3) == 3",
        "'hello'.charAt(1) == 'e' && 'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'",
        "'TacoCat'.lowerAscii() == 'tacocat' && ' x '.trim() == 'x' && 'abcabc'.replace('a', 'z', 1) == 'zbcabc'",
      })
  void librariesGiveWhatTheyPromise(String expression) {
    assertThat(evaluate(expression)).isEqualTo(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dyn(1) == 1.0 && dyn(1u) == 1 && dyn(1) != 1.5 && dyn(2) in [1.0, 2.0] && 1 < 1.5",
        "[1, [2, {'a': 3}]] == [dyn(1.0), [2, {'a': 3}]] && [1, 2] != [2, 1] && {'a': 1} != {'b': 1}",
        "dyn(1) != dyn('1') && dyn(null) == null && dyn([]) != dyn({})",
        "timestamp('2020-01-01T00:00:00Z') == timestamp('2020-01-01T01:00:00+01:00')",
        "duration('60s') == duration('1m') && b'a' == b'a' && type(1) == int && type('a') != int",
        "optional.of(dyn(1)) == optional.of(dyn(1.0)) && optional.none() != optional.of(1)",
        "double('NaN') != double('NaN') && dyn(9007199254740993) != 9007199254740992.0",
      })
  void equalityIsThatOfCel(String expression) {
    assertThat(evaluate(expression)).isEqualTo(true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "object.spec.missing|no such key: missing",
        "object.missing.deeper|no such key: missing",
        "object.spec.list[7] == 1|index out of bounds: 7",
        "object.spec.n / 0 == 1|division by zero",
        "object.spec.n + 'a' == ''|no such overload",
        "[1].filter(i, i > 2).min() == 1|min called on empty list",
        "ip('::ffff:1.2.3.4').family() == 4|IPv4-mapped IPv6 address",
      })
  void failuresAreInUpstreamsWords(String expression, String message) {
    assertThatThrownBy(() -> evaluate(expression))
        .isInstanceOf(CelException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo == 1|ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')",
        "1 + 'a'|found no matching overload for '_+_' applied to '(int, string)'",
        "quantity('1') > quantity('2')|found no matching overload for '_>_'",
        "cel.bind(x, 1, x) == 1|undeclared reference",
      })
  void mistakesAreFoundWhenCompiling(String expression, String message) {
    assertThatThrownBy(() -> evaluate(expression))
        .isInstanceOf(CelException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("candidates");
  }

  @Test
  void nullsAndMissingFieldsDiffer() {
    assertThat(evaluate("object.spec.nothing == null")).isEqualTo(true);
    assertThat(evaluate("has(object.spec.nothing)")).isEqualTo(true);
    assertThat(evaluate("has(object.spec.missing)")).isEqualTo(false);
    assertThat(evaluate("object.spec.?missing.orValue(5) == 5")).isEqualTo(true);
    assertThat(evaluate("object == object && object.spec.list == [1, null]")).isEqualTo(true);
    assertThat(evaluate("'n' in object.spec && 1 in object.spec.list")).isEqualTo(true);
    assertThat(evaluate("object.spec.map(k, k).size() == 3 && size(object) == 1")).isEqualTo(true);
    assertThat(evaluate("type(object) == map && type(object.spec.list) == list")).isEqualTo(true);
  }

  @Test
  void whatIsTooExpensiveIsEnded() {
    List<Object> many = new ArrayList<>();
    for (long i = 0; i < 2000; i++) {
      many.add(i);
    }
    assertThatThrownBy(() -> evaluate("object.all(a, object.all(b, a + b >= 0))", many))
        .hasMessage("operation cancelled: actual cost limit exceeded");
  }

  private static Object evaluate(String expression) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("n", 5);
    spec.put("nothing", null);
    List<Object> list = new ArrayList<>(List.of(1L));
    list.add(null);
    spec.put("list", list);
    return evaluate(expression, Map.of("spec", spec));
  }

  private static Object evaluate(String expression, Object object) {
    return Expression.compile(ENVIRONMENT, expression)
        .evaluate(name -> name.equals("object") ? Values.of(object) : null, Budget.forRequest());
  }
}
