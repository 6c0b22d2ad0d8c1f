using System.Security.Cryptography;
using System.Text;

namespace ActorFlow.Perf.Nodes;

/// <summary>Gives a text that does not compress to nothing, the same for the same seed.</summary>
internal sealed class TextHandler : TaskHandler<TextHandler.Order, string>
{
    /// <summary>The text.</summary>
    /// <param name="seed">Other seeds, other texts.</param>
    /// <param name="characters">Its length, an even number.</param>
    public static string TextOf(int seed, int characters)
    {
        var bytes = new byte[characters / 2];
        new Random(seed).NextBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <inheritdoc/>
    public override Task<string> RunAsync(Order input, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult(TextOf(input.Seed, input.Characters));

    /// <summary>Which text.</summary>
    internal sealed record Order(int Seed, int Characters);
}

/// <summary>Says how long a text is, and what its hash is.</summary>
internal sealed class DigestHandler : TaskHandler<DigestHandler.Given, DigestHandler.Digest>
{
    /// <summary>What it says of a text.</summary>
    public static Digest Of(string text) => new(text.Length, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    /// <inheritdoc/>
    public override Task<Digest> RunAsync(Given input, TaskContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Of(input.Text));

    /// <summary>The text.</summary>
    internal sealed record Given(string Text);

    /// <summary>Its length and its SHA-256.</summary>
    internal sealed record Digest(int Characters, string Sha256);
}
