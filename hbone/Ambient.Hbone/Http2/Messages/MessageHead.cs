namespace Ambient.Hbone.Http2.Messages;

/// <summary>What the checks of a header list found out on their way.</summary>
internal struct MessageHead
{
    /// <summary>What makes the message malformed (RFC 9113 8.1.1); null when nothing does.</summary>
    public string? Error;

    public bool IsConnect;

    public int Status;

    /// <summary>-1 when there is none.</summary>
    public long ContentLength;
}
