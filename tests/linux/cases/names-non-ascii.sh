# SPDX-License-Identifier: MIT
# Names are bytes: accents, Greek, emoji, spaces and newlines all work.
mkdir 'été' 'Ελλάς'
echo one >'été/naïve café'
echo two >'Ελλάς/αβγ'
echo three >'🦀'
echo four >'two words'
echo five >"new
line"
printf six >"$(printf 'latin\351')"
cat 'été'/* 'Ελλάς'/* '🦀' 'two words' new*line latin*
for f in *; do printf '%s\n' "$f" | od -An -c; done
rm -r ./*
ls | wc -l
