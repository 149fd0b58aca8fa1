using System.Collections.Immutable;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Serving;

/// <summary>Asks the API server whose bearer token a call carries (control-plane-and-cni 6.2).</summary>
/// <param name="client">The API server.</param>
/// <param name="audiences">For whom the token must be.</param>
/// <param name="time">Ages the answers.</param>
public sealed class TokenCheck(KubernetesClient client, ImmutableArray<string> audiences, TimeProvider time) : ICredentialCheck, IDisposable
{
    /// <summary>Questions at once: whoever sends tokens that are worth nothing must not keep the API server busy.</summary>
    private const int MaxQuestions = 16;

    /// <summary>A caller waits no longer for its turn and the answer; it comes back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TokenCache _cache = new(time);
    private readonly SemaphoreSlim _questions = new(MaxQuestions);

    public string Name => "token";

    public async Task<Verdict> CheckAsync(HttpContext context, CancellationToken cancellation)
    {
        if (BearerToken.Read(context.Request.Headers.Authorization.ToString(), out string reason) is not { } token)
        {
            return Verdict.Refuse(reason);
        }

        return _cache.Find(token) is { } known ? Verdict.Accept(known) : await AskAsync(token, cancellation);
    }

    public void Dispose() => _questions.Dispose();

    private async Task<Verdict> AskAsync(string token, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await _questions.WaitAsync(ending.Token);
            try
            {
                long askedAt = time.GetTimestamp();
                TokenReviewStatus answer = await client.ReviewTokenAsync(token, audiences, ending.Token);
                return Judge(token, answer, askedAt);
            }
            finally
            {
                _questions.Release();
            }
        }
        catch (KubernetesException error)
        {
            return Verdict.Refuse($"the API server did not review it: {error.Message}");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return Verdict.Refuse($"the API server did not review it within {Patience}");
        }
    }

    private Verdict Judge(string token, TokenReviewStatus answer, long askedAt)
    {
        // A server that does not know audiences answers without them; it must not pass for one that checked.
        if (answer.Authenticated && audiences.Length > 0 && !answer.Audiences.Any(audiences.Contains))
        {
            return Verdict.Refuse($"the token is not for {string.Join(" or ", audiences)}");
        }

        Verdict verdict = ServiceAccountUser.Read(answer);
        if (verdict.Caller is { } caller)
        {
            _cache.Add(token, caller, askedAt);
        }

        return verdict;
    }
}
