using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Ambient.ApiServer.Serving;

/// <summary>
/// Writes the lines of one watch. The text of an object is the one that the storage holds: however many clients watch, nothing is
/// serialised again for each of them.
/// </summary>
internal sealed class WatchLines(HttpContext context, ServedKind kind, TimeProvider time)
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>A client that takes nothing for so long is let go: it goes on from the version that it has.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);

    private readonly PipeWriter _writer = context.Response.BodyWriter;
    private readonly bool _asTable = TableDocument.IsWanted(context.Request);

    /// <summary>Up to which version the client knows everything.</summary>
    public long Version { get; set; }

    public void Write(string type, StoredObject value) =>
        WriteLine(type, _asTable ? Bytes(TableDocument.Of(kind, [value], value.Version, time.GetUtcNow())) : value.JsonAs(kind));

    public void WriteBookmark(bool isInitial)
    {
        JsonObject metadata = new() { ["resourceVersion"] = Version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (isInitial)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        WriteLine("BOOKMARK", Bytes(new JsonObject { ["kind"] = kind.Kind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata }));
    }

    public void WriteError(ApiException error) => WriteLine("ERROR", Bytes(error.ToStatus()));

    /// <summary>Sends once enough is waiting.</summary>
    public ValueTask FlushFullAsync() => _writer.UnflushedBytes > FlushBytes ? FlushAsync() : ValueTask.CompletedTask;

    public async ValueTask FlushAsync()
    {
        ValueTask<FlushResult> sent = _writer.FlushAsync(context.RequestAborted);
        if (sent.IsCompletedSuccessfully)
        {
            sent.GetAwaiter().GetResult();
            return;
        }

        try
        {
            await sent.AsTask().WaitAsync(StallLimit, time);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException("the client does not read", context.RequestAborted);
        }
    }

    private static byte[] Bytes(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Default.JsonObject);

    private void WriteLine(string type, ReadOnlySpan<byte> subject)
    {
        _writer.Write("{\"type\":\""u8);
        Encoding.ASCII.GetBytes(type, _writer);
        _writer.Write("\",\"object\":"u8);
        _writer.Write(subject);
        _writer.Write("}\n"u8);
    }
}
