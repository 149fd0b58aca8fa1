using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ambient.Ztunnel.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Ambient.Ztunnel.Admin;

/// <summary>
/// <c>/debug/failures</c>: the connections that failed last, newest first, each with the phase it had come to, who made it fail, why, and what to
/// do about it.
/// </summary>
internal sealed class FailuresPage(RecentFailures failures)
{
    private const string Help = """
        usage: GET /debug/failures                the last 100 failed connections, newest first
               GET /debug/failures?pod=shop       of pods whose namespace/name contains the text
               GET /debug/failures?peer=10.0.0.7  whose other end's address, workload or identity contains the text
               GET /debug/failures?reason=Refused with that reason

        """;

    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task ServeAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        return query.Keys.FirstOrDefault(key => key is not ("pod" or "peer" or "reason")) is { } unknown
            ? PlainText.WriteAsync(context, StatusCodes.Status400BadRequest, $"Invalid query parameter: {unknown}\n{Help}")
            : PlainText.WriteAsync(
                context, StatusCodes.Status200OK, "application/json", Build(query["pod"].ToString(), query["peer"].ToString(), query["reason"].ToString()));
    }

    /// <param name="pod">Part of a pod's namespace/name; empty for all.</param>
    /// <param name="peer">Part of an address, workload or identity; empty for all.</param>
    /// <param name="reason">A reason's name; empty for all.</param>
    public ReadOnlyMemory<byte> Build(string pod, string peer, string reason)
    {
        var text = new ArrayBufferWriter<byte>(16 * 1024);
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("total", failures.Total);
            json.WriteNumber("kept", RecentFailures.Capacity);
            json.WriteStartArray("failures");
            foreach (FailureEntry entry in failures.Snapshot())
            {
                if (FailureView.IsOf(entry, pod) && FailureView.Concerns(entry, peer) && FailureView.HasReason(entry, reason))
                {
                    FailureView.Write(json, entry);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.WrittenMemory;
    }
}
