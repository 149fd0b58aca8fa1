namespace Ambient.Hbone.Http2;

/// <summary>Why a connection ended itself: the code it sent in GOAWAY, the rule that was broken and what was seen.</summary>
/// <param name="Error">The code sent to the peer.</param>
/// <param name="Section">The rule, such as "RFC 9113 6.9.1".</param>
/// <param name="Message">What the peer did, for the log; also sent as debug data.</param>
public sealed record Http2Failure(Http2Error Error, string Section, string Message)
{
    public override string ToString() => $"{Message} ({Error}, {Section})";
}
