namespace Ambient.Transport.Interop;

/// <summary>Kernel constants, under their kernel meaning. All are the same on x86-64 and arm64.</summary>
internal static class LinuxConstants
{
    internal const int FamilyIPv4 = 2;
    internal const int FamilyIPv6 = 10;
    internal const int SocketStream = 1;
    internal const int SocketDatagram = 2;
    internal const int SocketNonBlocking = 0x800;
    internal const int SocketCloseOnExec = 0x80000;
    internal const int ProtocolTcp = 6;
    internal const int ProtocolUdp = 17;

    internal const int LevelSocket = 1;
    internal const int LevelIPv4 = 0;
    internal const int LevelIPv6 = 41;
    internal const int LevelTcp = 6;

    internal const int OptionReuseAddress = 2;
    internal const int OptionError = 4;
    internal const int OptionKeepalive = 9;
    internal const int OptionOutOfBandInline = 10;
    internal const int OptionLinger = 13;
    internal const int OptionReusePort = 15;
    internal const int OptionMark = 36;
    internal const int OptionAttachReusePortFilter = 51;

    internal const int TcpNoDelay = 1;
    internal const int TcpKeepaliveIdle = 4;
    internal const int TcpKeepaliveInterval = 5;
    internal const int TcpKeepaliveCount = 6;
    internal const int TcpCongestion = 13;
    internal const int TcpUserTimeout = 18;

    internal const int IPv4FreeBind = 15;
    internal const int IPv4Transparent = 19;
    internal const int IPv6Only = 26;
    internal const int IPv6Transparent = 75;
    internal const int IPv6FreeBind = 78;

    /// <summary>SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST share this number at their two levels.</summary>
    internal const int OriginalDestination = 80;

    internal const int MessageNoSignal = 0x4000;
    internal const int MessageMore = 0x8000;
    internal const int ShutdownWrite = 1;

    internal const uint EpollIn = 0x1;
    internal const uint EpollPriority = 0x2;
    internal const uint EpollOut = 0x4;
    internal const uint EpollError = 0x8;
    internal const uint EpollHangUp = 0x10;
    internal const uint EpollReadHangUp = 0x2000;
    internal const uint EpollEdgeTriggered = 1u << 31;
    internal const int EpollAdd = 1;
    internal const int EpollCloseOnExec = 0x80000;

    /// <summary>BPF_RET | BPF_K.</summary>
    internal const ushort FilterReturnConstant = 0x06;

    internal const int EventCloseOnExec = 0x80000;
    internal const int EventNonBlocking = 0x800;

    internal const int OpenCloseOnExec = 0x80000;
    internal const int FileGetFlags = 3;
    internal const int FileSetFlags = 4;
    internal const int FileNonBlocking = 0x800;
    internal const int FileDuplicateCloseOnExec = 1030;

    internal const int SetInterfaceFlags = 0x8914;
    internal const short InterfaceUp = 1;
    internal const int CloneNewNetwork = 0x40000000;
    internal const int ResourceOpenFiles = 7;

    internal const int AtEmptyPath = 0x1000;
    internal const uint StatusInode = 0x100;
}
