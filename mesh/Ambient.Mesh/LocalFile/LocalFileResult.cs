using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Ambient.Mesh.State;

namespace Ambient.Mesh.LocalFile;

/// <summary>Either a snapshot with the configuration it was made of, or every error found. Never both.</summary>
public sealed class LocalFileResult
{
    private LocalFileResult(MeshSnapshot? snapshot, LocalConfiguration? configuration, ImmutableArray<LocalFileError> errors)
    {
        Snapshot = snapshot;
        Configuration = configuration;
        Errors = errors;
    }

    [MemberNotNullWhen(true, nameof(Snapshot), nameof(Configuration))]
    public bool IsValid => Snapshot is not null;

    public MeshSnapshot? Snapshot { get; }

    /// <summary>The objects as the file lists them: the <c>staticConfig</c> of a configuration dump.</summary>
    public LocalConfiguration? Configuration { get; }

    /// <summary>In the order of the file; at most <see cref="LocalFileParser.MaxErrors"/>, then one that says so.</summary>
    public ImmutableArray<LocalFileError> Errors { get; }

    internal static LocalFileResult Valid(MeshSnapshot snapshot, LocalConfiguration configuration) => new(snapshot, configuration, []);

    internal static LocalFileResult Invalid(ImmutableArray<LocalFileError> errors) => new(null, null, errors);
}
