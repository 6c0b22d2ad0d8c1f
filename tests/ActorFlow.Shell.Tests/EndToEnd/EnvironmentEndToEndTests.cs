using System.Diagnostics;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>The built command in an environment that fails it: one line, exit code 3, no stack trace.</summary>
public sealed class EnvironmentEndToEndTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-env-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("ulimit -n 32; exec {0} validate a.yaml", "too few file descriptors: this process may have 32")]
    [InlineData("ulimit -n 64; exec {0} graph a.yaml", "too few file descriptors: this process may have 64")]
    [InlineData("ulimit -n 128; exec {0} run a.yaml", "too few file descriptors: this process may have 128")]
    [InlineData("exec {0} validate a.yaml >&-", "the result cannot be written to standard output: it is closed")]
    [InlineData("exec {0} --help >/dev/full", "the result cannot be written to standard output: the disk is full")]
    [InlineData("exec {0} --version >/dev/full", "the result cannot be written to standard output: the disk is full")]
    [InlineData("exec {0} run a.yaml >/dev/full", "the result cannot be written to standard output: the disk is full")]
    [InlineData("exec {0} run a.yaml --input - <&-", "standard input is closed: there is nothing to read")]
    [InlineData("exec {0} run a.yaml --data ''", "the data directory has no name")]
    [InlineData("exec {0} show x --data ''", "the data directory has no name")]
    [InlineData("exec {0} run a.yaml --data a.yaml", "a.yaml cannot be used as the data directory")]
    [InlineData("exec {0} show x --data a.yaml", "a.yaml cannot be used as the data directory")]
    public async Task What_the_environment_does_is_one_line_and_exit_code_3(string script, string line)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var (exitCode, error) = await RunAsync(script);

        Assert.Equal(3, exitCode);
        Assert.Contains("actorflow: ", error[^1], StringComparison.Ordinal);
        Assert.Contains(line, error[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(error, text => text.Contains("   at ", StringComparison.Ordinal) || text.Contains("please report", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exec {0} run a.yaml --input \"$(printf '\"\\377\"')\"", "argument 4 (")]
    [InlineData("exec {0} signal r n \"$(printf '\"\\355\\240\\200\"')\"", "argument 4 (")]
    [InlineData("printf '\"\\377\"' | {0} run a.yaml --input -", "the input on standard input is not UTF-8 text")]
    [InlineData("printf '\"\\377\"' > in.json; exec {0} run a.yaml --input @in.json", "in.json is not JSON: the byte 0xFF at 1 is not UTF-8 text")]
    [InlineData("printf '\"\\\\ud800\"' > in.json; exec {0} run a.yaml --input @in.json", "in.json is not JSON: a string holds half of a surrogate pair")]
    [InlineData("printf 'name: \\377' > b.yaml; exec {0} run b.yaml", "b.yaml has 1 error")]
    public async Task What_is_not_UTF_8_is_refused_and_not_replaced(string script, string line)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var (exitCode, error) = await RunAsync(script);

        Assert.Equal(2, exitCode);
        Assert.Contains(line, error[^1], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("exec {0} run a.yaml 2>&- >/dev/null")]
    [InlineData("exec {0} run a.yaml 2>/dev/full >/dev/null")]
    [InlineData("unset HOME; TMPDIR=/nowhere exec {0} run a.yaml >/dev/null")]
    public async Task A_run_whose_progress_cannot_be_shown_completes_all_the_same(string script)
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(0, (await RunAsync(script)).ExitCode);
        }
    }

    [Fact]
    public async Task Damaged_pages_are_named_at_once_by_whatever_verb_reads_them()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Assert.Equal(0, (await RunAsync("exec {0} run a.yaml --id r --data d >/dev/null")).ExitCode);
        var file = Path.Combine(_directory.FullName, "d", "actorflow.db");
        var bytes = await File.ReadAllBytesAsync(file);
        new Random(1).NextBytes(bytes.AsSpan(4096));

        foreach (var verb in new[] { "run a.yaml --id r", "show r", "history r", "retry r" })
        {
            await File.WriteAllBytesAsync(file, bytes);
            var (exitCode, error) = await RunAsync($"exec {{0}} {verb} --data d");

            Assert.Equal(3, exitCode);
            Assert.Contains("damaged", error[^1], StringComparison.Ordinal);
            Assert.Contains("actorflow db check --data", error[^1], StringComparison.Ordinal);
        }
    }

    private async Task<(int ExitCode, string[] Error)> RunAsync(string script)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "a.yaml"), "name: a\ntasks:\n  t: { uses: echo, with: { x: 1 } }\noutput: ${{ tasks.t.output }}\n");
        var command = Path.Combine(AppContext.BaseDirectory, "actorflow");
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, script, command)])
        {
            WorkingDirectory = _directory.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        await output;
        return (process.ExitCode, error.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } lines ? lines : [""]);
    }
}
