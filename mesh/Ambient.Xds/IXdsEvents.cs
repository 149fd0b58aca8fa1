namespace Ambient.Xds;

/// <summary>Told of the life of the connection, for logs and metrics. Called on pool threads; must not block or throw.</summary>
public interface IXdsEvents
{
    /// <summary>A stream is up: the server has answered.</summary>
    void Connected();

    /// <param name="end">How the stream ended.</param>
    /// <param name="detail">Why, for an operator.</param>
    /// <param name="retryIn">Time until the next attempt.</param>
    void Disconnected(XdsStreamEnd end, string detail, TimeSpan retryIn);

    /// <param name="typeUrl">As the server gave it.</param>
    /// <param name="payloadBytes">Sum of the resources' payloads.</param>
    void Received(string typeUrl, long payloadBytes);

    /// <summary>The response has been applied and is now in force.</summary>
    void Applied(string typeUrl, int updated, int removed);

    /// <summary>Resources were refused; their last good versions stay in force and the rest of the response was applied.</summary>
    void Rejected(string typeUrl, string detail);

    /// <summary>Resources were taken, but not with all that they say; <paramref name="detail"/> names them and what was left out.</summary>
    void Simplified(string typeUrl, string detail);
}
