using System.Text.Json.Nodes;

namespace Ambient.ApiServer;

/// <summary>A request that is answered with a <c>Status</c> instead of an object.</summary>
/// <param name="code">The HTTP status.</param>
/// <param name="reason">One word that clients compare.</param>
/// <param name="message">For people.</param>
public sealed class ApiException(int code, string reason, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>What is wrong with which field; empty when the reason says it all.</summary>
    public IReadOnlyList<(string Field, string Message)> Causes { get; init; } = [];

    /// <summary>Seconds until the client should try again; null when it should not.</summary>
    public int? RetryAfter { get; init; }

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException NotFound(string message) => new(404, "NotFound", message);

    public static ApiException Conflict(string message) => new(409, "Conflict", message);

    public static ApiException AlreadyExists(string message) => new(409, "AlreadyExists", message);

    public static ApiException Expired(string message) => new(410, "Expired", message);

    public static ApiException Invalid(string what, IReadOnlyList<(string Field, string Message)> causes) =>
        new(422, "Invalid", $"{what} is invalid: {string.Join("; ", causes.Select(cause => $"{cause.Field}: {cause.Message}"))}") { Causes = causes };

    public static ApiException Unsupported(string message) => new(415, "UnsupportedMediaType", message);

    public static ApiException TooMany(string message) => new(429, "TooManyRequests", message) { RetryAfter = 1 };

    /// <summary>As it is sent: <c>kind: Status</c>.</summary>
    public JsonObject ToStatus()
    {
        JsonObject details = [];
        if (Causes.Count > 0)
        {
            details["causes"] = new JsonArray([.. Causes.Select(cause => new JsonObject
            {
                ["reason"] = "FieldValueInvalid", ["message"] = cause.Message, ["field"] = cause.Field,
            })]);
        }

        if (RetryAfter is { } seconds)
        {
            details["retryAfterSeconds"] = seconds;
        }

        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
            ["details"] = details,
            ["code"] = Code,
        };
    }
}
