using System.Runtime.InteropServices;
using Ambient.Transport.Interop;

namespace Ambient.Transport.Lifetime;

/// <summary>The one place where an errno becomes a <see cref="FailureReason"/>.</summary>
public static class ErrnoClassifier
{
    public static FailureReason Classify(int errno) => errno switch
    {
        Errno.ConnectionRefused => FailureReason.Refused,
        Errno.TimedOut => FailureReason.TimedOut,
        Errno.NetworkUnreachable or Errno.HostUnreachable or Errno.NetworkDown or Errno.HostDown or Errno.NoNetwork =>
            FailureReason.Unreachable,
        Errno.ConnectionReset or Errno.ConnectionAborted or Errno.NetworkReset => FailureReason.Reset,
        Errno.BrokenPipe or Errno.ShutDown => FailureReason.BrokenPipe,
        Errno.NotConnected => FailureReason.NotConnected,
        Errno.BadDescriptor => FailureReason.LocallyClosed,
        Errno.TooManyOpenFiles or Errno.TooManyOpenFilesInSystem => FailureReason.OutOfDescriptors,
        Errno.OutOfMemory or Errno.NoBufferSpace => FailureReason.OutOfMemory,
        Errno.NotPermitted or Errno.AccessDenied => FailureReason.PermissionDenied,
        Errno.AddressInUse => FailureReason.AddressInUse,
        Errno.AddressNotAvailable => FailureReason.AddressNotAvailable,
        Errno.AddressFamilyNotSupported => FailureReason.AddressFamilyNotSupported,
        _ => FailureReason.Other,
    };

    internal static bool EndsCopySilently(FailureReason reason) => reason is
        FailureReason.NotConnected or FailureReason.UnexpectedEnd or FailureReason.Reset or FailureReason.BrokenPipe;

    internal static string Describe(int errno, string attempted) =>
        $"{attempted} failed: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";

    internal static string? HintFor(FailurePhase phase, int errno) => (Classify(errno), phase) switch
    {
        (FailureReason.Refused, FailurePhase.Connect) => "nothing listens on that address and port; check that the application is up",
        (FailureReason.TimedOut, FailurePhase.Connect) => "no answer; check for a NetworkPolicy or firewall on the way",
        (FailureReason.Unreachable, _) => "check the route from this namespace to the destination",
        (FailureReason.OutOfDescriptors, _) => "raise the hard limit of open files (RLIMIT_NOFILE, fs.file-max)",
        (FailureReason.OutOfMemory, _) => "the kernel is out of socket memory; check net.ipv4.tcp_mem and the memory limit",
        (FailureReason.PermissionDenied, _) => "check the capabilities NET_ADMIN, SYS_ADMIN and NET_RAW",
        (FailureReason.AddressInUse, _) => "another process listens there without SO_REUSEPORT or under another user",
        (FailureReason.AddressNotAvailable, FailurePhase.Connect) => "no free local port or address; check net.ipv4.ip_local_port_range",
        _ => null,
    };
}
