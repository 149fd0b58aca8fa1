namespace Ambient.Ztunnel.Socks;

/// <summary>What follows from the bytes that a client sent.</summary>
internal enum SocksStep
{
    /// <summary>Read on.</summary>
    NeedMore,

    /// <summary>Answer that no authentication is asked for, then read on.</summary>
    AnswerMethod,

    /// <summary>The request is complete: <see cref="SocksParser.Target"/>.</summary>
    Requested,

    /// <summary>Not our protocol: <see cref="SocksParser.Problem"/>; nothing more is taken.</summary>
    Refused,
}
