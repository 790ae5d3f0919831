package io.kubra.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The status pages in a browser. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class StatusPagesTest {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @TempDir Path profile;

  @Test
  void aUserLogsInWithATokenAndSeesTheNodes() throws Exception {
    TestCluster.needs(Browser.PROGRAM);
    String address =
        CLUSTER
            .kubra("open", "console")
            .lines()
            .filter(line -> line.startsWith("https://"))
            .findFirst()
            .orElseThrow();
    String token = address.substring(address.indexOf("#token=") + "#token=".length());
    try (Browser browser = new Browser(profile)) {
      browser.open(address.substring(0, address.indexOf("/login")));
      browser.awaitText("Bearer token");
      browser.script("document.getElementById('token').value = 'wrong'");
      browser.script("document.querySelector('#login button').click()");
      browser.awaitText("not");
      browser.script("document.getElementById('token').value = '" + token + "'");
      browser.script("document.querySelector('#login button').click()");
      browser.awaitText("Log out");
      browser.script("document.querySelector('a[href=\"/list/nodes\"]').click()");
      browser.awaitText(CLUSTER.name() + "-worker");
      browser.awaitText("Ready");

      byte[] picture = browser.picture();

      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
      Set<Integer> colours = new HashSet<>();
      for (int x = 0; x < image.getWidth(); x += 3) {
        for (int y = 0; y < image.getHeight(); y += 3) {
          colours.add(image.getRGB(x, y));
        }
      }
      assertThat(colours).hasSizeGreaterThan(20);
      Path kept = Path.of("target", "screenshots");
      Files.createDirectories(kept);
      Files.write(kept.resolve("nodes.png"), picture);
    }
  }
}
