namespace Ambient.Transport.Interop;

/// <summary>errno values that the data plane tells apart. All are the same on x86-64 and arm64.</summary>
internal static class Errno
{
    internal const int NotPermitted = 1;
    internal const int NoEntry = 2;
    internal const int Interrupted = 4;
    internal const int BadDescriptor = 9;
    internal const int WouldBlock = 11;
    internal const int OutOfMemory = 12;
    internal const int AccessDenied = 13;
    internal const int InvalidArgument = 22;
    internal const int TooManyOpenFilesInSystem = 23;
    internal const int TooManyOpenFiles = 24;
    internal const int BrokenPipe = 32;
    internal const int NoNetwork = 64;
    internal const int ProtocolError = 71;
    internal const int NoProtocolOption = 92;
    internal const int NotSupported = 95;
    internal const int AddressFamilyNotSupported = 97;
    internal const int AddressInUse = 98;
    internal const int AddressNotAvailable = 99;
    internal const int NetworkDown = 100;
    internal const int NetworkUnreachable = 101;
    internal const int NetworkReset = 102;
    internal const int ConnectionAborted = 103;
    internal const int ConnectionReset = 104;
    internal const int NoBufferSpace = 105;
    internal const int NotConnected = 107;
    internal const int ShutDown = 108;
    internal const int TimedOut = 110;
    internal const int ConnectionRefused = 111;
    internal const int HostDown = 112;
    internal const int HostUnreachable = 113;
    internal const int InProgress = 115;
}
