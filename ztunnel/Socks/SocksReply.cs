namespace Ambient.Ztunnel.Socks;

/// <summary>The reply codes that a client can meet (RFC 1928 6, node-proxy 1.9).</summary>
internal enum SocksReply : byte
{
    Succeeded = 0,
    GeneralFailure = 1,
    HostUnreachable = 4,

    /// <summary>Whatever breaks the protocol or is not offered: another version, no way without authentication, another command or address type.</summary>
    CommandNotSupported = 7,
}
