using System.Net;
using System.Text;

namespace Ambient.UnitTests.Kube;

/// <summary>One request to a scripted API server, waiting for its answer.</summary>
internal sealed class ScriptedCall(HttpRequestMessage request, string body)
{
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HttpMethod Method { get; } = request.Method;

    public string Path { get; } = request.RequestUri!.AbsolutePath;

    /// <summary>The query, unescaped, without the question mark.</summary>
    public string Query { get; } = Uri.UnescapeDataString(request.RequestUri!.Query.TrimStart('?'));

    public string Body { get; } = body;

    public string? ContentType { get; } = request.Content?.Headers.ContentType?.MediaType;

    public string? Token { get; } = request.Headers.Authorization?.Parameter;

    public bool IsWatch => Query.Contains("watch=true", StringComparison.Ordinal);

    public Task<HttpResponseMessage> AnswerAsync(CancellationToken cancellation) => _answer.Task.WaitAsync(cancellation);

    public void Answer(string json, HttpStatusCode code = HttpStatusCode.OK, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var response = new HttpResponseMessage(code) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        _answer.SetResult(response);
    }

    public void Refuse(int code, string reason, params ReadOnlySpan<(string Name, string Value)> headers) =>
        Answer($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"said {{reason}}"}""", (HttpStatusCode)code, headers);

    /// <summary>No connection.</summary>
    public void Break() => _answer.SetException(new HttpRequestException("connection refused"));

    /// <summary>Begins an answer whose body the test writes piece by piece.</summary>
    public ScriptedBody Stream()
    {
        var content = new ScriptedBody();
        _answer.SetResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(content, 1) });
        return content;
    }
}
