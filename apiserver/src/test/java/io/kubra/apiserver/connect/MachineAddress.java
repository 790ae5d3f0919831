package io.kubra.apiserver.connect;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** An address of this machine that may stand in an EndpointSlice, where loopback is refused. */
public final class MachineAddress {
  private MachineAddress() {}

  /** The address, or an empty text if there is nothing but loopback. */
  public static String find() throws SocketException {
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : network.inetAddresses().toList()) {
        if (address instanceof Inet4Address
            && !address.isLoopbackAddress()
            && !address.isLinkLocalAddress()) {
          return address.getHostAddress();
        }
      }
    }
    return "";
  }
}
