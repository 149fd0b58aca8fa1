namespace Ambient.Kube.Resources;

/// <summary>Asks the API server whose token this is (control-plane-and-cni 6). It is created and answered, never stored.</summary>
public sealed record TokenReview : IKubernetesObject
{
    public static ResourceType<TokenReview> Type { get; } =
        new("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", Namespaced: false, ClientJsonOptions.Of<TokenReview>());

    public string ApiVersion { get; init => field = value ?? ""; } = "";

    public string Kind { get; init => field = value ?? ""; } = "";

    public ObjectMeta Metadata { get; init => field = value ?? new ObjectMeta(); } = new();

    public TokenReviewSpec Spec { get; init => field = value ?? new TokenReviewSpec(); } = new();

    public TokenReviewStatus Status { get; init => field = value ?? new TokenReviewStatus(); } = new();
}
