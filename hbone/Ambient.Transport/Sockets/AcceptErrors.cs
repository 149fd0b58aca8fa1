using Ambient.Transport.Interop;

namespace Ambient.Transport.Sockets;

/// <summary>Sorts errors of accept4. Linux passes pending network errors of the new connection through it (accept(2)).</summary>
internal static class AcceptErrors
{
    internal static AcceptErrorTier TierOf(int errno) => errno switch
    {
        Errno.WouldBlock => AcceptErrorTier.Empty,
        Errno.TooManyOpenFiles or Errno.TooManyOpenFilesInSystem or Errno.NoBufferSpace or Errno.OutOfMemory => AcceptErrorTier.Pressure,
        Errno.ConnectionAborted or Errno.Interrupted or Errno.NotPermitted or Errno.ProtocolError or Errno.NoProtocolOption
            or Errno.HostDown or Errno.NoNetwork or Errno.HostUnreachable or Errno.NotSupported or Errno.NetworkUnreachable
            or Errno.NetworkDown or Errno.TimedOut => AcceptErrorTier.Transient,
        _ => AcceptErrorTier.Dead,
    };
}
