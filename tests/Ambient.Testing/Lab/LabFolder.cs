using Ambient.Lab;

namespace Ambient.Testing.Lab;

/// <summary>A place for labs of one test, and names that no other test has. Disposing removes every lab it named.</summary>
public sealed class LabFolder : IAsyncDisposable
{
    private static int _last;

    private readonly List<string> _names = [];

    public LabFolder()
    {
        Root = Directory.CreateTempSubdirectory("ambient-labs-").FullName;
        Options = new LabOptions { Root = Root, WithMesh = false };
    }

    public string Root { get; }

    /// <summary>A lab without ztunnel and redirection.</summary>
    public LabOptions Options { get; }

    public string NewName()
    {
        string name = $"t{Environment.ProcessId}-{Interlocked.Increment(ref _last)}";
        _names.Add(name);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string name in _names)
        {
            await new LabRemover(Options).RemoveAsync(name, CancellationToken.None);
        }

        if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }
}
