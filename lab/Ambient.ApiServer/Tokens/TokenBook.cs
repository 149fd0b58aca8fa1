using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ambient.ApiServer.Storage;

namespace Ambient.ApiServer.Tokens;

/// <summary>The tokens of service accounts that this server has given out, and whose they are.</summary>
public sealed class TokenBook
{
    private const int TokenBytes = 32;

    private readonly ConcurrentDictionary<string, TokenOwner> _owners = new(StringComparer.Ordinal);

    /// <summary>Makes a token.</summary>
    public string Issue(TokenOwner owner)
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        _owners[token] = owner;
        return token;
    }

    /// <summary>Makes a token worthless.</summary>
    public void Revoke(string token) => _owners.TryRemove(token, out _);

    internal TokenOwner? Find(string token) => _owners.GetValueOrDefault(token);

    /// <summary>Answers a TokenReview: its status says whose token it is, or why it is nobody's.</summary>
    internal JsonObject Review(JsonObject question, DateTimeOffset now)
    {
        JsonObject spec = question.Section("spec");
        string[] audiences = [.. (spec["audiences"] as JsonArray ?? []).OfType<JsonValue>().Select(audience => audience.ToString())];
        question["status"] = Find(spec.Text("token")) switch
        {
            null => Refused("the token is not known"),
            { } owner when owner.ExpiresAt <= now => Refused("the token has expired"),
            { } owner when audiences.Length > 0 && !audiences.Contains(owner.Audience, StringComparer.Ordinal) =>
                Refused($"the token is for audience '{owner.Audience}'"),
            { } owner => Accepted(owner),
        };
        spec.Remove("token");
        return question;
    }

    private static JsonObject Refused(string why) => new() { ["authenticated"] = false, ["error"] = why };

    private static JsonObject Accepted(TokenOwner owner)
    {
        JsonObject extra = [];
        Add("pod-name", owner.PodName);
        Add("pod-uid", owner.PodUid);
        Add("node-name", owner.NodeName);
        return new JsonObject
        {
            ["authenticated"] = true,
            ["audiences"] = new JsonArray(owner.Audience),
            ["user"] = new JsonObject
            {
                ["username"] = $"system:serviceaccount:{owner.Namespace}:{owner.ServiceAccount}",
                ["groups"] = new JsonArray("system:serviceaccounts", $"system:serviceaccounts:{owner.Namespace}", "system:authenticated"),
                ["extra"] = extra,
            },
        };

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                extra["authentication.kubernetes.io/" + name] = new JsonArray(value);
            }
        }
    }
}
