using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Ambient.UnitTests.Kube.Leases;

/// <summary>Keeps one lease as an API server does: a write with an old version is a conflict.</summary>
internal sealed class LeaseServer
{
    private readonly Lock _gate = new();
    private JsonObject? _lease;
    private int _version;

    /// <summary>Who holds it, in order of change.</summary>
    public ConcurrentQueue<string> Holders { get; } = new();

    public string Holder => (string?)Read()?["spec"]?["holderIdentity"] ?? "";

    public JsonObject? Read()
    {
        lock (_gate)
        {
            return (JsonObject?)_lease?.DeepClone();
        }
    }

    /// <summary>The way of one candidate to the server, which can be cut.</summary>
    public Link Connect() => new(this);

    private HttpResponseMessage Answer(HttpMethod method, string body)
    {
        lock (_gate)
        {
            if (method == HttpMethod.Get)
            {
                return _lease is null ? Refuse(404, "NotFound") : Ok();
            }

            var written = (JsonObject)JsonNode.Parse(body)!;
            string? version = (string?)written["metadata"]!["resourceVersion"];
            if (method == HttpMethod.Post ? _lease is not null : version != $"{_version}")
            {
                return Refuse(409, method == HttpMethod.Post ? "AlreadyExists" : "Conflict");
            }

            string before = (string?)_lease?["spec"]?["holderIdentity"] ?? "";
            written["metadata"]!["resourceVersion"] = $"{++_version}";
            _lease = written;
            string holder = (string?)written["spec"]?["holderIdentity"] ?? "";
            if (holder != before)
            {
                Holders.Enqueue(holder);
            }

            return Ok();
        }
    }

    private HttpResponseMessage Ok() => Json(HttpStatusCode.OK, _lease!.ToJsonString());

    private static HttpResponseMessage Refuse(int code, string reason) =>
        Json((HttpStatusCode)code, $$"""{"code":{{code}},"reason":"{{reason}}"}""");

    private static HttpResponseMessage Json(HttpStatusCode code, string text) => new(code) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    public sealed class Link(LeaseServer server) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _held;

        /// <summary>Requests vanish without an answer.</summary>
        public bool IsCut { get; set; }

        /// <summary>Requests arrive, answers do not.</summary>
        public bool IsDeaf { get; set; }

        /// <summary>Whether a request waits for what will not come.</summary>
        public bool IsHolding => Volatile.Read(ref _held) > 0;

        /// <summary>Everything that waits fails.</summary>
        public void Close()
        {
            IsCut = IsDeaf = false;
            _closed.TrySetException(new HttpRequestException("connection reset"));
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            if (IsCut)
            {
                await HoldAsync(cancellationToken);
            }

            HttpResponseMessage answer = server.Answer(request.Method, body);
            if (IsDeaf)
            {
                await HoldAsync(cancellationToken);
            }

            return answer;
        }

        private async Task HoldAsync(CancellationToken cancellation)
        {
            Interlocked.Increment(ref _held);
            try
            {
                await _closed.Task.WaitAsync(cancellation);
            }
            finally
            {
                Interlocked.Decrement(ref _held);
            }
        }
    }
}
